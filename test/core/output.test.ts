import { describe, expect, it } from 'vitest';
import { Fleet, slave } from '../support/fleet.js';

describe('two instances', () => {
  it('know who they are, and all they say arrives once with its level and context', async () => {
    const group = slave('introduces-itself.mjs', { params: { list: [1, { a: 'ä' }] }, local: { instancesCount: 2 } });
    const fleet = await Fleet.run([group]);
    expect(fleet.exitCode).toBe(0);
    for (const id of [1, 2]) {
      const said = fleet.log.filter(({ origin }) => origin === `work/${id}/${id}`);
      const self = { id, groupId: id, groupCount: 2, incarnation: 1, name: 'Group', params: { list: [1, { a: 'ä' }] } };
      expect(
        said.filter(({ level, context }) => level === 'log' && context === undefined).map(({ text }) => text),
      ).toEqual(expect.arrayContaining([JSON.stringify(self), 'written', 'Ended']));
      expect(said.filter(({ context }) => context === 'Context').map(({ level, text }) => `${level}: ${text}`)).toEqual(
        ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'].map((level) => `${level}: at level ${level}`),
      );
      expect(said.filter(({ text }) => text === 'complained').map(({ level }) => level)).toEqual(['warn']);
      expect(said).toHaveLength(10);
    }
  });
});

describe('what is said right before the end', () => {
  const LINES = 20_000;
  const numbers = (fleet: Fleet): string[] =>
    fleet.texts.filter((text) => text.endsWith('x')).map((text) => text.split(' ')[0]!);
  const all = Array.from({ length: LINES }, (_, index) => String(index));

  it.each([
    { via: 'stdout', end: 'exit' },
    { via: 'stdout', end: 'throw' },
    { via: 'stderr', end: 'exit' },
    { via: 'logger', end: 'exit' },
    { via: 'logger', end: 'throw' },
    { via: 'logger', end: 'return' },
  ])('1 MB by $via, then $end: nothing is lost, all in order', async (params) => {
    const fleet = await Fleet.run([slave('last-words.mjs', { params: { ...params, lines: LINES, size: 50 } })]);
    expect(numbers(fleet)).toEqual(all);
    expect(fleet.exitCode).toBe(params.end === 'return' ? 0 : 1);
    expect(fleet.texts.at(-1)).toBe('Ended');
  });

  it('by the logger, far more than it may send ahead: nothing is lost', async () => {
    const params = { via: 'logger', end: 'exit', lines: LINES, size: 300 };
    const fleet = await Fleet.run([slave('last-words.mjs', { params })]);
    expect(numbers(fleet)).toEqual(all);
  });

  it('the error of failed work is in the log, the exit code 1', async () => {
    const params = { via: 'logger', end: 'reject', lines: 0, size: 0 };
    const fleet = await Fleet.run([slave('last-words.mjs', { params })]);
    expect(fleet.log.find(({ level }) => level === 'error')?.text).toMatch(/^Error: failed work\n {4}at /);
    expect(fleet.texts.slice(-2)).toEqual(['Exited with code 1', 'Ended']);
    expect(fleet.exitCode).toBe(1);
  });
});

describe('unusual output', () => {
  it('10 MB without a newline come in pieces of 65,536 bytes', async () => {
    const fleet = await Fleet.run([slave('writes.mjs', { params: { megabytes: 10 } })]);
    const pieces = fleet.texts.filter((text) => text.startsWith('x'));
    expect(pieces).toHaveLength(160);
    expect(new Set(pieces.slice(0, -1))).toEqual(new Set([`${'x'.repeat(65_536)} [...]`]));
    expect(pieces.at(-1)).toBe('x'.repeat(65_536));
  });

  it('binary data neither stops nor harms anything', async () => {
    const fleet = await Fleet.run([slave('writes.mjs', { params: { binary: true } })]);
    expect(fleet.exitCode).toBe(0);
    expect(fleet.texts.join('\n')).toContain('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
  });

  it('a slave that closes its stdout works on and is heard', async () => {
    const fleet = await Fleet.run([slave('closes-stdout.mjs')]);
    // What is said on a stream and on the channel may overtake each other.
    expect(fleet.texts.slice(0, -1).toSorted()).toEqual(['after', 'before']);
    expect(fleet.texts.at(-1)).toBe('Ended');
    expect(fleet.exitCode).toBe(0);
  });
});
