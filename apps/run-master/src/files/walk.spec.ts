import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.spec-helper.js';
import { walk } from './walk.js';

async function pathsIn(folder: string): Promise<string[]> {
  const paths = [];
  for await (const path of walk(folder)) paths.push(path);
  return paths;
}

describe('walk', () => {
  it('finds every file, once, relative to the folder', async () => {
    const folder = temporaryFolder({ 'b.txt': '', 'a/c.txt': '', 'a/d/e.txt': '', '.hidden/f': '' });
    expect((await pathsIn(folder)).sort()).toEqual(['.hidden/f', 'a/c.txt', 'a/d/e.txt', 'b.txt']);
  });

  it('follows no link, so that a circle has an end, and passes by what is not a file', async () => {
    const folder = temporaryFolder({ 'a/file': '' });
    symlinkSync(folder, join(folder, 'a/circle'));
    symlinkSync(join(folder, 'a/file'), join(folder, 'link'));
    symlinkSync('nowhere', join(folder, 'broken'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    expect(await pathsIn(folder)).toEqual(['a/file']);
  });

  it('finds nothing in an empty folder and in one that is gone', async () => {
    const folder = temporaryFolder();
    expect(await pathsIn(folder)).toEqual([]);
    expect(await pathsIn(join(folder, 'gone'))).toEqual([]);
  });
});
