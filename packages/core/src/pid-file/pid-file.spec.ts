import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTimeOf } from '../run-directory/process-identity.js';
import { PidFileError, PidFileTakenError } from './pid-file-errors.js';
import { readPidFile } from './pid-record.js';
import { fileNameOf, pidFileOf, preparePidFile } from './prepare-pid-file.js';
import { removePidFile, writePidFile } from './write-pid-file.js';

/** There is no such process: the highest number of Linux is 4194304. */
const NOBODY = 4_194_305;

const own = { pid: process.pid, startTime: startTimeOf(process.pid) ?? '', folder: '/run/x' };

let folder = '';
let path = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'da-test-'));
  path = join(folder, 'var/app.pid');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function stale(text: string): void {
  mkdirSync(join(folder, 'var'), { recursive: true });
  writeFileSync(path, text);
}

describe('a pid file', () => {
  it('has pid, start time and run folder, a line each, and is gone when it is removed', async () => {
    await writePidFile(path, own);
    expect(readFileSync(path, 'utf8')).toBe(`${process.pid}\n${own.startTime}\n/run/x\n`);
    expect(readPidFile(path)).toEqual(own);
    expect(readdirSync(join(folder, 'var'))).toEqual(['app.pid']);
    removePidFile(path, own);
    expect(readPidFile(path)).toBeUndefined();
    expect(readdirSync(join(folder, 'var'))).toEqual([]);
  });

  it('of a master that runs is left to it', async () => {
    await writePidFile(path, own);
    await expect(writePidFile(path, { ...own, folder: '/run/y' })).rejects.toThrow(PidFileTakenError);
    expect(readPidFile(path)?.folder).toBe('/run/x');
    expect(() => preparePidFile(path)).toThrow(`pid ${process.pid}`);
    removePidFile(path, { ...own, folder: '/run/y' });
    expect(readPidFile(path)).toEqual(own);
  });

  it.each([
    ['a process that is gone', `${NOBODY}\n1\n/run/y\n`],
    ['a process that has got the number later', `${process.pid}\n1\n/run/y\n`],
    ['a crash of the machine', ''],
    ['no master', 'hello\n'],
    ['everybody', '-1\n1\n/\n'],
    ['init', '1\n0\n/\n'],
  ])('of %s is stale', async (_whose, text) => {
    stale(text);
    expect(readPidFile(path)).toBeUndefined();
    preparePidFile(path);
    await writePidFile(path, own);
    expect(readPidFile(path)).toEqual(own);
    expect(readdirSync(join(folder, 'var'))).toEqual(['app.pid']);
  });

  it('is replaced even where somebody died while he replaced it', async () => {
    // The claim that such a one leaves has the digest of what it was about to replace.
    const text = `${NOBODY}\n2\n/run/y\n`;
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 12);
    stale(text);
    writeFileSync(`${path}.${digest}.stale`, `${NOBODY}\n3\n/run/z\n`);
    await writePidFile(path, own);
    expect(readPidFile(path)).toEqual(own);
    expect(readdirSync(join(folder, 'var'))).toEqual(['app.pid']);
  });

  it('of many that try at a time one gets it', async () => {
    stale(`${NOBODY}\n1\n/run/y\n`);
    const tries = Array.from({ length: 20 }, (_, index) => writePidFile(path, { ...own, folder: `/run/${index}` }));
    const results = await Promise.allSettled(tries);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(readdirSync(join(folder, 'var'))).toEqual(['app.pid']);
  });

  it('that cannot be written is an error that says why', async () => {
    writeFileSync(join(folder, 'var'), '');
    await expect(writePidFile(path, own)).rejects.toThrow(PidFileError);
    expect(() => preparePidFile(path)).toThrow(/app\.pid cannot be written: .*(EEXIST|ENOTDIR)/u);
  });
});

it('the file of a fleet is named after it, whatever its name', () => {
  expect(pidFileOf('my-app')).toBe('var/my-app.pid');
  expect(pidFileOf('my-app', '/run/app')).toBe('/run/app/my-app.pid');
  expect(fileNameOf('@acme/shop')).toBe('acme-shop');
  expect(fileNameOf('../../x y')).toBe('x-y');
  expect(fileNameOf('Größe 1')).toBe('Größe-1');
  expect(fileNameOf('..')).toBe('master');
});
