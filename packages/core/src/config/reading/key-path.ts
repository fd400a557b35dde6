import { escapeInvisible } from './describe-node.js';

/** The path of a key below another: `groups` and `First Group` give `groups.First Group`. */
export function keyPath(parent: string, key: string): string {
  if (key === '') return keyPath(parent, '""');
  const shown = escapeInvisible(key.length > 100 ? `${key.slice(0, 100)}...` : key);
  return parent ? `${parent}.${shown}` : shown;
}

/** The path of an item of a list: `hosts[0]`. */
export function itemPath(parent: string, index: number): string {
  return `${parent}[${index}]`;
}
