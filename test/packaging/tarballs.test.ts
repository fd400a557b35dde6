import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packPackages, PACKAGES } from '../setup/packed-packages.js';
import { runToEnd } from '../setup/run-to-end.js';
import { repository, sharedFolder } from '../setup/temporary-folder.js';

const folder = await sharedFolder();
const tarballs = await packPackages(folder);

interface Manifest {
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

const manifestOf = async (name: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(repository, 'packages', name, 'package.json'), 'utf8')) as Manifest;

describe.each(PACKAGES)('the tarball of %s', (name) => {
  const contents = async (): Promise<string[]> => {
    const { stdout } = await runToEnd('tar', ['-tzf', tarballs[name]], { cwd: folder });
    return stdout.split('\n').filter(Boolean);
  };

  it('holds no specs, no sources, no build information', async () => {
    const files = await contents();
    const unwanted = files.filter((file) => /\.spec[.-]|\.tsbuildinfo|\/src\/|\.test\.|fixtures?\//.test(file));
    expect(unwanted).toEqual([]);
  });

  it('holds every file that its exports name', async () => {
    const files = await contents();
    const { exports } = await manifestOf(name);
    const targets = Object.values(exports).flatMap((target) =>
      typeof target === 'string' ? [target] : Object.values(target),
    );
    expect(files).toEqual(expect.arrayContaining(targets.map((target) => join('package', target))));
  });
});
