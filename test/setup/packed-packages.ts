import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runToEnd } from './run-to-end.js';
import { repository } from './temporary-folder.js';

export const PACKAGES = ['core', 'queue', 'nestjs'] as const;
export type PackageName = (typeof PACKAGES)[number];

/** Where the tarballs are, if somebody has packed for all test files. */
const PACKED_VARIABLE = 'DISTRIBUTED_ARCHITECTURE_TEST_PACKED';

/** The packages as they would be published: the paths of the tarballs by the packages' short names. */
export async function packPackages(destination: string): Promise<Record<PackageName, string>> {
  const packed = process.env[PACKED_VARIABLE];
  if (packed === undefined) await npmPack(destination);
  const folder = packed ?? destination;
  const files = await readdir(folder);
  const tarball = (name: PackageName): string => {
    const file = files.find((candidate) => candidate.startsWith(`distributed-architecture-${name}-`));
    if (file === undefined) throw new Error(`npm pack has made no tarball of ${name}: ${files.join(', ')}`);
    return join(folder, file);
  };
  return { core: tarball('core'), queue: tarball('queue'), nestjs: tarball('nestjs') };
}

async function npmPack(destination: string): Promise<void> {
  const workspaces = PACKAGES.map((name) => `--workspace=packages/${name}`);
  const args = ['pack', ...workspaces, '--pack-destination', destination];
  const { code, stderr } = await runToEnd('npm', args, { cwd: repository });
  if (code !== 0) throw new Error(`npm pack failed:\n${stderr}`);
}
