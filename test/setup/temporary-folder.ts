import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';

/** Texts by their paths within a folder. */
export type FileTree = Readonly<Record<string, string>>;

/** The folder of this repository. */
export const repository: string = join(import.meta.dirname, '../..');

/** A folder with these files, removed when the test ends. */
export async function temporaryFolder(files: FileTree = {}): Promise<string> {
  const folder = await makeFolder(files);
  onTestFinished(() => remove(folder));
  return folder;
}

/** A folder with these files for all tests of a file, removed after the last one; to be called before the first. */
export async function sharedFolder(files: FileTree = {}): Promise<string> {
  const folder = await makeFolder(files);
  afterAll(() => remove(folder));
  return folder;
}

async function makeFolder(files: FileTree): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'da-test-'));
  await writeTree(folder, files);
  return folder;
}

function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

export async function writeTree(folder: string, files: FileTree): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** Lends a folder the dependencies of this repository. */
export async function linkNodeModules(folder: string): Promise<void> {
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'));
}
