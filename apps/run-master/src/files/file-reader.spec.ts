import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.spec-helper.js';
import { FileReader } from './file-reader.js';

const nothing = () => {};

describe('FileReader', () => {
  it.each([
    ['an empty file', '', 0, 0],
    ['one line', 'one two\n', 1, 2],
    ['no newline at the end', 'one\n two', 1, 2],
    ['spaces only', ' \t\r\n\v\f\n', 2, 0],
    ['characters of more than one byte', 'zwölf Boxkämpfer\n日本\n', 2, 3],
  ])('counts %s', async (_, text, lines, words) => {
    const folder = temporaryFolder({ file: text });
    const sha256 = createHash('sha256').update(text).digest('hex');
    const content = await new FileReader().read(join(folder, 'file'), nothing);
    expect(content).toEqual({ kind: 'text', bytes: Buffer.byteLength(text), lines, words, sha256 });
  });

  it('counts a big file piece by piece as wc and sha256sum do', async () => {
    const text = Array.from({ length: 60_000 }, (_, i) => `line ${i}${' word'.repeat(i % 7)}\n`).join('');
    const file = join(temporaryFolder({ big: text }), 'big');
    let chunks = 0;
    const content = await new FileReader().read(file, () => chunks++);
    const [lines, words, bytes] = execFileSync('wc', ['-lwc', file], { encoding: 'utf8' })
      .trim()
      .split(/\s+/)
      .map(Number);
    expect(content).toMatchObject({ kind: 'text', lines, words, bytes });
    expect(execFileSync('sha256sum', [file], { encoding: 'utf8' })).toContain(content.sha256);
    expect(chunks).toBe(Math.ceil(text.length / (256 * 1024)));
  });

  it('does not read on in a binary file', async () => {
    const folder = temporaryFolder({ binary: Buffer.concat([Buffer.from('ELF\0'), Buffer.alloc(1_000_000, 'x')]) });
    let chunks = 0;
    const content = await new FileReader().read(join(folder, 'binary'), () => chunks++);
    expect(content).toEqual({ kind: 'binary', bytes: 1_000_004, lines: 0, words: 0, sha256: '' });
    expect(chunks).toBe(0);
  });

  it('calls a file that is gone, a folder and a link unreadable', async () => {
    const folder = temporaryFolder({ file: 'text' });
    symlinkSync(join(folder, 'file'), join(folder, 'link'));
    for (const name of ['gone', '.', 'link']) {
      expect(await new FileReader().read(join(folder, name), nothing)).toMatchObject({ kind: 'unreadable' });
    }
  });

  it('ends with the error of its caller, and can read on afterwards', async () => {
    const folder = temporaryFolder({ file: 'text' });
    const reader = new FileReader();
    const stopped = new Error('stop');
    const reading = reader.read(join(folder, 'file'), () => {
      throw stopped;
    });
    await expect(reading).rejects.toBe(stopped);
    expect(await reader.read(join(folder, 'file'), nothing)).toMatchObject({ kind: 'text', bytes: 4 });
  });

  it('ends no reading because of a file without permission', async () => {
    const folder = temporaryFolder({ secret: 'text' });
    chmodSync(join(folder, 'secret'), 0);
    // The superuser may read it all the same.
    const kind = process.getuid?.() === 0 ? 'text' : 'unreadable';
    expect(await new FileReader().read(join(folder, 'secret'), nothing)).toMatchObject({ kind });
  });
});
