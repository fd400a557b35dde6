import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Name of the package that a script belongs to.
 *
 * @param script absolute path
 * @returns undefined when no folder above it has a package.json with a name
 */
export function packageName(script: string): string | undefined {
  for (let folder = dirname(script); ; folder = dirname(folder)) {
    const name = nameIn(join(folder, 'package.json'));
    if (name !== undefined || folder === dirname(folder)) return name;
  }
}

function nameIn(file: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown };
    return typeof name === 'string' && name !== '' ? name : undefined;
  } catch {
    return undefined;
  }
}
