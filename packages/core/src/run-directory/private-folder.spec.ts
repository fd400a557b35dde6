import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makePrivateFolder, userFolder } from './private-folder.js';

let base = '';
beforeEach(() => void (base = mkdtempSync(join(tmpdir(), 'da-test-'))));
afterEach(() => rmSync(base, { recursive: true }));

const NAME = `distributed-architecture-${process.getuid?.()}`;

it('lies in the folder of the session, when that is ours', () => {
  expect(userFolder({ XDG_RUNTIME_DIR: base })).toBe(join(base, NAME));
});

it.each(['', 'relative', '/no/such/folder', '/dev/null'])('not in what is no folder of ours: %j', (value) => {
  const fallback = process.getuid?.() === 0 ? '/run' : tmpdir();
  expect(userFolder({ XDG_RUNTIME_DIR: value })).toBe(join(fallback, NAME));
});

it('is made for its owner alone, whatever the umask, and found again', () => {
  const before = process.umask(0o777);
  try {
    makePrivateFolder(join(base, 'own'));
  } finally {
    process.umask(before);
  }
  expect(statSync(join(base, 'own')).mode & 0o777).toBe(0o700);
  expect(() => makePrivateFolder(join(base, 'own'))).not.toThrow();
});

it('is refused when somebody else could write it, or has made it a link', () => {
  mkdirSync(join(base, 'open'));
  chmodSync(join(base, 'open'), 0o701);
  symlinkSync('open', join(base, 'link'));
  expect(() => makePrivateFolder(join(base, 'open'))).toThrow('others have rights to it (mode 701)');
  expect(() => makePrivateFolder(join(base, 'link'))).toThrow('it is a link or a file');
  expect(() => makePrivateFolder(join(base, 'missing/own'))).toThrow(/ENOENT.*XDG_RUNTIME_DIR may name/);
});
