import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The paths of all regular files under `folder`, relative to it, folder by folder in the order of their names. Links
 * are not followed (so there are no circles), folders that cannot be read are left out. Holds one folder's names at a
 * time, so the size of the tree does not matter.
 */
export async function* walk(folder: string): AsyncGenerator<string> {
  const waiting = [''];
  for (let current = waiting.pop(); current !== undefined; current = waiting.pop()) {
    for (const entry of await entriesOf(join(folder, current))) {
      const path = join(current, entry.name);
      if (entry.isDirectory()) waiting.push(path);
      else if (entry.isFile()) yield path;
    }
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}
