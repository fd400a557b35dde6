import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { LeaseFile } from './lease-file.js';

function place() {
  const folder = mkdtempSync(join(tmpdir(), 'da-lease-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'lease');
  const warnings: string[] = [];
  const file = new LeaseFile(path, (message) => warnings.push(message));
  onTestFinished(() => file.close());
  return { path, file, warnings };
}

it('has the last time, twice in one line, in the same room as the one before', () => {
  const { path, file, warnings } = place();
  file.write(1_234_567);
  const { size, ino } = statSync(path);
  expect(readFileSync(path, 'utf8').trimEnd()).toBe('1234567 1234567');
  file.write(99);
  expect(readFileSync(path, 'utf8').trimEnd()).toBe('99 99');
  expect(statSync(path)).toMatchObject({ size, ino });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(warnings).toEqual([]);
});

it('on a disk that is full warns once, and throws nothing', () => {
  const { path, file, warnings } = place();
  symlinkSync('/dev/full', path);
  file.write(1);
  file.write(2);
  expect(warnings).toEqual([expect.stringMatching(/^The lease cannot be noted for the watchdog: ENOSPC/)]);
});
