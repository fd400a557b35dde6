import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runToEnd } from './run-to-end.js';
import { repository } from './temporary-folder.js';

export const PACKAGES = ['core', 'queue', 'nestjs'] as const;
export type PackageName = (typeof PACKAGES)[number];

/** `npm pack`s the packages as they would be published; the paths of the tarballs by the packages' short names. */
export async function packPackages(destination: string): Promise<Record<PackageName, string>> {
  const workspaces = PACKAGES.map((name) => `--workspace=packages/${name}`);
  const { code, stderr } = await runToEnd('npm', ['pack', ...workspaces, '--pack-destination', destination], {
    cwd: repository,
  });
  if (code !== 0) throw new Error(`npm pack failed:\n${stderr}`);
  const files = await readdir(destination);
  const tarball = (name: PackageName): string => {
    const file = files.find((candidate) => candidate.startsWith(`distributed-architecture-${name}-`));
    if (file === undefined) throw new Error(`npm pack has made no tarball of ${name}: ${files.join(', ')}`);
    return join(destination, file);
  };
  return { core: tarball('core'), queue: tarball('queue'), nestjs: tarball('nestjs') };
}
