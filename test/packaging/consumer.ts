import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { packPackages, type PackageName } from '../setup/packed-packages.js';
import { runToEnd } from '../setup/run-to-end.js';
import { repository, sharedFolder, type FileTree } from '../setup/temporary-folder.js';

interface ConsumerOptions {
  /** Which of our packages it installs. */
  readonly ours: readonly PackageName[];
  /** What else, in the versions of this repository: npm has them in its cache. */
  readonly others: readonly string[];
  readonly type?: 'module' | 'commonjs';
}

/** A foreign project in a temporary folder, with our packages installed from their tarballs; gone after the last test of the file. */
export async function consumer(files: FileTree, { ours, others, type = 'module' }: ConsumerOptions): Promise<string> {
  const tarballs = await packPackages(await sharedFolder());
  const dependencies = Object.fromEntries([
    ...ours.map((name) => [`@distributed-architecture/${name}`, `file:${tarballs[name]}`] as const),
    ...(await Promise.all(others.map(async (name) => [name, await installedVersion(name)] as const))),
  ]);
  const folder = await sharedFolder({
    ...files,
    'package.json': JSON.stringify({ name: 'consumer', version: '1.0.0', private: true, type, dependencies }),
  });
  const { code, stderr } = await runToEnd('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund'], {
    cwd: folder,
  });
  if (code !== 0) throw new Error(`npm install failed:\n${stderr}`);
  return folder;
}

/** Another project with the packages that this one has installed. */
export async function neighbour(folder: string, files: FileTree, type: 'module' | 'commonjs'): Promise<string> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as object;
  const other = await sharedFolder({ ...files, 'package.json': JSON.stringify({ ...manifest, type }) });
  await symlink(join(folder, 'node_modules'), join(other, 'node_modules'));
  return other;
}

async function installedVersion(name: string): Promise<string> {
  const text = await readFile(join(repository, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
