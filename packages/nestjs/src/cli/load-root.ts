import type { LoadedRoot, RootLoader, RootModule } from './console-options.js';

/** True for a function that loads the root module: an arrow function, which no class is. */
export function isLoader(root: RootModule): root is RootLoader {
  return typeof root === 'function' && !Object.hasOwn(root, 'prototype');
}

export async function loadRoot(root: RootModule): Promise<LoadedRoot> {
  return isLoader(root) ? root() : root;
}
