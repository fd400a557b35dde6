import { cpSync, existsSync, linkSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  childrenOf,
  commandLineOf,
  ExampleApplication,
  ROOT,
  shownChecks,
  shownTotals,
  temporaryFolder,
} from './example-application.js';
import { count, find, invalidFiles, sha256sum, withZeroByte } from './independent-count.js';

async function folderOf(files: Record<string, string | Uint8Array>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

const MANY = 2_000;

/** Some seconds of work that take no space and no time to prepare: one text under many names. */
async function folderWithMuchWork(): Promise<string> {
  const folder = await folderOf({ 'file-0.txt': 'some words that are counted\n'.repeat(20_000) });
  for (let i = 1; i < MANY; i++) linkSync(join(folder, 'file-0.txt'), join(folder, `file-${i}.txt`));
  return folder;
}

/** Of all kinds, among them binary files. In `node_modules` itself the tools that run meanwhile may write. */
const PACKAGES = ['typescript', 'rxjs', 'vite', 'prettier', 'fast-check', 'js-yaml', '@nestjs', '@rolldown'];

async function copyOfPackages(): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of PACKAGES) cpSync(join(ROOT, 'node_modules', name), join(folder, name), { recursive: true });
  return folder;
}

const SMALL = {
  'a.txt': 'one two\nthree\n',
  'sub/copy of a.txt': 'one two\nthree\n',
  'sub/deeper/b.md': '# Title\n\nno newline at the end',
  'sub/empty': '',
  'sub/größe.txt': 'äöü ß\n',
  'image.png': Buffer.from([0x89, 0x50, 0, 0, 1, 2, 3]),
};

describe('the example application', () => {
  it('counts a small folder as find, wc and sha256sum do', async () => {
    const folder = await folderOf(SMALL);
    symlinkSync(folder, join(folder, 'sub/circle'));
    const application = await ExampleApplication.counting(folder, { instances: 3 });
    const { code, stdout, stderr } = await application.run();

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const texts = find(folder).filter((path) => path !== 'image.png');
    const { files, lines, words } = count(folder, texts);
    expect(shownTotals(stdout)).toEqual({ files, lines, words });
    const hashes = sha256sum(folder, texts);
    const counted = application.countedFiles().filter(({ kind }) => kind === 'text');
    expect(new Map(counted.map(({ path, sha256 }) => [path, sha256]))).toEqual(hashes);
    expect(stdout).toContain('Copies of other files: 1 (14 B).');
    expect(stdout).toContain('Left out: 1 binary, 0 unreadable.');
  });

  it('checks a small folder in its queue group, and tells which files are not valid', async () => {
    const folder = await folderOf({
      ...SMALL,
      'latin.txt': Buffer.from('größe', 'latin1'),
      'ok.json': '{ "a": [1, 2.5e3, null] }',
      'tsconfig.json': '{ // comment\n}',
      'cut.js.map': '{ "version": 3',
    });
    const application = await ExampleApplication.counting(folder);
    const { code, stdout, stderr } = await application.run();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const invalid = invalidFiles(folder, find(folder));
    expect(invalid).toEqual(['cut.js.map', 'latin.txt', 'tsconfig.json']);
    expect(shownChecks(stdout)).toEqual({ files: find(folder).length, invalid: invalid.length });
    for (const path of invalid) expect(stdout).toMatch(new RegExp(`warn \\[Check files\\] .* ${path}: `));
  });

  it('counts packages of this project, with a handful of lines on its way', async () => {
    const folder = await copyOfPackages();
    const application = await ExampleApplication.counting(folder);
    const { code, stdout, stderr } = await application.run();

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const counted = application.countedFiles();
    const pathsOf = (wanted: string) => counted.filter(({ kind }) => kind === wanted).map(({ path }) => path);
    const texts = pathsOf('text');
    expect(counted.map(({ path }) => path).sort()).toEqual(find(folder));
    expect(pathsOf('unreadable')).toEqual([]);
    expect(pathsOf('binary').length).toBeGreaterThan(0);
    expect(withZeroByte(folder, pathsOf('binary'))).toEqual(pathsOf('binary').sort());
    const { files, bytes, lines, words } = count(folder, texts);
    expect(shownTotals(stdout)).toEqual({ files, lines, words });
    expect(counted.reduce((sum, file) => sum + (file.kind === 'text' ? file.bytes : 0), 0)).toBe(bytes);
    expect(stdout.match(/\] \[localhost\] \[/g)!.length).toBeLessThan(30);
    expect(stdout).toMatch(/\[Report progress\].* 100 % /);
    const paths = find(folder);
    expect(shownChecks(stdout)).toEqual({ files: paths.length, invalid: invalidFiles(folder, paths).length });
  });

  it('ends within a second after Ctrl-C, and goes on from there the next time', async () => {
    const application = await ExampleApplication.counting(await folderWithMuchWork());
    const first = application.start();
    await first.said(/ \d\d % /);
    const asked = performance.now();
    first.child.kill('SIGINT');
    const stopped = await first.outcome;
    expect(performance.now() - asked).toBeLessThan(1000);
    expect(stopped).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(stopped.stdout).toContain('start again to go on');
    const before = shownTotals(stopped.stdout).files;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(MANY);

    const second = await application.run();
    expect(second).toMatchObject({ code: 0, stderr: '' });
    const reused = [...second.stdout.matchAll(/files, ([\d,]+) of them by the run before/g)];
    expect(reused.reduce((sum, [, figure]) => sum + Number(figure!.replaceAll(',', '')), 0)).toBe(before);
    expect(shownTotals(second.stdout)).toEqual({ files: MANY, lines: MANY * 20_000, words: MANY * 100_000 });
  });

  it('starts a shard that was killed again, which goes on where it was', async () => {
    const application = await ExampleApplication.counting(await folderWithMuchWork());
    const running = application.start();
    await running.said(/ \d\d % /);
    const [victim] = childrenOf(running.child.pid!).filter((pid) => commandLineOf(pid).includes('app:index-files'));
    process.kill(victim!, 'SIGKILL');
    const { code, stdout, stderr } = await running.outcome;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.match(/of them by the run before/g)).toHaveLength(1);
    expect(shownTotals(stdout)).toEqual({ files: MANY, lines: MANY * 20_000, words: MANY * 100_000 });
  });

  it('begins anew after a finished run, and finds what has changed', async () => {
    const folder = await folderOf(SMALL);
    const application = await ExampleApplication.counting(folder);
    const first = shownTotals((await application.run()).stdout);
    writeFileSync(join(folder, 'a.txt'), 'only one line\n');
    writeFileSync(join(folder, 'new.txt'), 'new\n');
    const { code, stdout } = await application.run();
    expect(code).toBe(0);
    expect(stdout).not.toContain('by the run before');
    expect(shownTotals(stdout)).toEqual({ files: first.files + 1, lines: first.lines, words: first.words + 1 });
  });

  it('has nothing to count in an empty folder', async () => {
    const application = await ExampleApplication.counting(await temporaryFolder());
    const { code, stdout, stderr } = await application.run();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(shownTotals(stdout)).toEqual({ files: 0, lines: 0, words: 0 });
    expect(shownChecks(stdout)).toEqual({ files: 0, invalid: 0 });
  });

  it('says that the folder is missing, starts nothing and exits 1', async () => {
    const folder = join(await temporaryFolder(), 'missing');
    const application = await ExampleApplication.counting(folder);
    const { code, stdout, stderr } = await application.run();
    expect(code).toBe(1);
    expect(stdout + stderr).toContain(`There is no folder ${folder} to count`);
    expect(stdout).not.toContain('│');
    expect(existsSync(application.databasePath)).toBe(false);
  });

  it('leaves nothing but its store in the working folder, and no process', async () => {
    const application = await ExampleApplication.counting(await folderOf(SMALL));
    const running = application.start();
    await running.said(/\[Report progress\]/);
    const children = childrenOf(running.child.pid!);
    expect(children.length).toBeGreaterThan(0);
    await running.outcome;
    expect(readdirSync(application.workingFolder)).toEqual(['var']);
    expect(readdirSync(join(application.workingFolder, 'var'))).toEqual(['files.sqlite']);
    for (const pid of children) expect(existsSync(`/proc/${pid}`)).toBe(false);
  });
});
