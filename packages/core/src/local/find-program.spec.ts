import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { assertProgram } from './find-program.js';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'da-test-'));
  const script = (path: string, text: string, mode = 0o755): void => {
    writeFileSync(join(folder, path), text);
    chmodSync(join(folder, path), mode);
  };
  mkdirSync(join(folder, 'bin'));
  mkdirSync(join(folder, 'other'));
  mkdirSync(join(folder, 'other/folder'));
  script('bin/work', '#!/bin/sh\n');
  script('bin/closed', '#!/bin/sh\n', 0o644);
  script('bin/orphan', '#! /no/such/interpreter -x\n');
  script('other/closed', '#!/bin/sh\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ['work', 'bin'],
  ['./bin/work', ''],
  ['bin/work', undefined],
  ['closed', 'bin:other'],
  ['work', 'no-such-folder:bin'],
])('finds %s with PATH %j', (file, path) => {
  expect(() => assertProgram(file, folder, path)).not.toThrow();
});

it.each([
  ['work', 'other', 'spawn work ENOENT'],
  ['closed', 'bin', 'spawn closed EACCES'],
  ['closed', 'bin:no-such-folder', 'spawn closed EACCES'],
  ['folder', 'other', 'spawn folder EACCES'],
  ['bin/missing', 'bin', 'spawn bin/missing ENOENT'],
  ['orphan', 'bin', 'spawn orphan ENOENT'],
  ['', 'bin', "The argument 'file' cannot be empty"],
])('refuses %j with PATH %j', (file, path, message) => {
  expect(() => assertProgram(file, folder, path)).toThrow(message);
});

it('looks where the system looks without a PATH', () => {
  expect(() => assertProgram('sh', undefined, undefined)).not.toThrow();
});
