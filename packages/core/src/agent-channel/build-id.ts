import { createHash, type Hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, type Dirent } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const SCRIPT = /\.[cm]?js$/;

/** Of a folder that holds more than an application, such as a home, the rest is left out. */
const MOST_FILES = 500;
const MOST_FOLDERS = 200;

const LENGTH = 16;

/**
 * Names the code of an application: a digest of its entry script and of all scripts in the entry's folder and below,
 * but for installed packages. The entry alone says nothing: that of a Nest application hardly ever changes. Takes some
 * milliseconds. Where the files are, and when they were written, does not matter.
 *
 * @param entry path of the script
 * @returns empty when it cannot be read
 */
export function buildOf(entry: string): string {
  try {
    const hash = createHash('sha256');
    // Node finds a script also without its extension.
    const script = existsSync(entry) ? entry : `${entry}.js`;
    add(hash, basename(script), script);
    addFolder(hash, dirname(entry));
    return hash.digest('hex').slice(0, LENGTH);
  } catch {
    return '';
  }
}

/**
 * What a master says of an agent whose code is not its own; undefined when there is nothing to say.
 *
 * @param own build of the same script at the master; empty: not known
 */
export function compareBuilds(own: string, theirs: string): string | undefined {
  if (own === '' || theirs === '' || own === theirs) return undefined;
  return `The application there is not the same: build ${theirs} differs from the master's ${own}`;
}

/** In the order of their names, one level after the other: the same on each machine. */
function addFolder(hash: Hash, root: string): void {
  let files = 0;
  const folders = [''];
  for (let i = 0; i < folders.length && i < MOST_FOLDERS; i++) {
    for (const entry of entriesOf(join(root, folders[i]!))) {
      const path = join(folders[i]!, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (SCRIPT.test(entry.name) && files++ < MOST_FILES) add(hash, path, join(root, path));
    }
  }
}

function entriesOf(folder: string): Dirent[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && !name.startsWith('.'))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function add(hash: Hash, name: string, path: string): void {
  hash.update(`${name}\0`).update(readFileSync(path)).update('\0');
}
