import { describe, expect, it } from 'vitest';
import type { LogSink } from '../logger/logger.js';
import { RecordingSink } from '../testing/recording-sink.js';
import { RecentLines } from './recent-lines.js';
import { SaidLines } from './said-lines.js';

const ORIGIN = { group: 'Group', host: 'localhost', display: 'work/1/1' };

function open() {
  const sink = new RecordingSink();
  let now = 0;
  const lines = new RecentLines(sink, () => ++now);
  const texts = (count = 1000): string[] => lines.latest({}, count).map(({ text }) => text);
  return { sink, lines, texts };
}

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

describe('the last lines', () => {
  it('are passed on to the log, and kept with who has said them', () => {
    const { sink, lines } = open();
    lines.writeLines(ORIGIN, 'warn', 'one\ntwo\n');
    lines.write({ display: 'master' }, 'log', 'Stopping...', 'Context');
    expect(sink.records).toEqual(['warn work/1/1: one', 'warn work/1/1: two', 'log master: [Context] Stopping...']);
    expect(lines.latest({}, 10)).toEqual([
      { at: 1, seq: 1, level: 'warn', text: 'one', origin: ORIGIN },
      { at: 1, seq: 1, level: 'warn', text: 'two', origin: ORIGIN },
      { at: 2, seq: 2, level: 'log', text: '[Context] Stopping...', origin: { display: 'master' } },
    ]);
  });

  it.each([1, 7, 200, 1000])('are the last 200, in blocks of %i', (size) => {
    const { lines, texts } = open();
    const all = numbers(1, 2000);
    for (let start = 0; start < all.length; start += size)
      lines.writeLines(ORIGIN, 'log', `${all.slice(start, start + size).join('\n')}\n`);
    expect(texts()).toEqual(numbers(1801, 2000));
    expect(texts(3)).toEqual(numbers(1998, 2000));
  });

  it('are of any characters, and whole up to 1024 of them', () => {
    const { lines, texts } = open();
    const strange = ['', 'ä€💥', '\ud800', 'a\r', 'x'.repeat(1024)];
    for (const line of strange) lines.write(ORIGIN, 'log', line);
    lines.write(ORIGIN, 'log', 'x'.repeat(1025));
    lines.writeLines(ORIGIN, 'log', `${'y'.repeat(65_536)} [...]\n`);
    expect(texts()).toEqual([...strange, `${'x'.repeat(1024)} [...]`, `${'y'.repeat(1024)} [...]`]);
  });

  it('of a block that is too large are its last', () => {
    const { lines, texts } = open();
    lines.writeLines(ORIGIN, 'log', `${numbers(1, 100_000).join('\n')}\n`);
    expect(texts()).toEqual(numbers(99_801, 100_000));
    lines.write(ORIGIN, 'log', 'z'.repeat(10_000_000));
    expect(texts(1)).toEqual([`${'z'.repeat(1024)} [...]`]);
  });

  it('of some processes can be asked for alone', () => {
    const { lines } = open();
    lines.write({ ...ORIGIN, display: 'work/2/2' }, 'log', 'second');
    lines.write({ ...ORIGIN, group: 'Other' }, 'log', 'other');
    // The same again, though it is another object.
    lines.write({ ...ORIGIN, display: 'work/2/2' }, 'log', 'third');
    const texts = (filter: object): string[] => lines.latest(filter, 10).map(({ text }) => text);
    expect(texts({ group: 'Group' })).toEqual(['second', 'third']);
    expect(texts({ group: 'Other' })).toEqual(['other']);
    expect(texts({ display: 'work/2/2' })).toEqual(['second', 'third']);
    lines.forget('work/2/2');
    expect(texts({})).toEqual(['other']);
  });

  it('of very many processes take 16 MB, and each has some', () => {
    const nowhere: LogSink = { write() {}, writeLines() {}, full: () => undefined, flush: async () => {} };
    const lines = new RecentLines(nowhere);
    const block = 'line of some length\n'.repeat(1000);
    for (let round = 0; round < 3; round++)
      for (let id = 1; id <= 1000; id++) lines.writeLines({ ...ORIGIN, display: `work/${id}/${id}` }, 'log', block);
    for (const id of [1, 500, 1000])
      expect(lines.latest({ display: `work/${id}/${id}` }, 200).length).toBeGreaterThan(100);
    expect(lines.bytes).toBeLessThanOrEqual(16_777_216);
  });
});

it('shrinks to what it may take', () => {
  const lines = new SaidLines();
  for (let seq = 1; seq <= 500; seq++) lines.add({ at: 0, seq, level: 'log', text: `${seq}`.padEnd(100, '.') + '\n' });
  expect(lines.bytes).toBeLessThanOrEqual(131_072);
  lines.shrink(4096);
  expect(lines.bytes).toBeLessThanOrEqual(8192);
  const seqs = lines.latest(200).map(({ seq }) => seq);
  expect(seqs.at(-1)).toBe(500);
  expect(seqs.length).toBeGreaterThan(5);
});

describe('who follows', () => {
  it('is told of each block that he wants, until he ends it', () => {
    const { lines } = open();
    const heard: string[] = [];
    const end = lines.follow({ group: 'Group' }, ({ lines: said }) => heard.push(said.join('+')));
    lines.writeLines(ORIGIN, 'log', 'one\ntwo\n');
    lines.write({ display: 'master' }, 'log', 'Stopping...');
    end();
    lines.write(ORIGIN, 'log', 'three');
    expect(heard).toEqual(['one+two']);
  });
});
