import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.js';
import { JsonLogSink } from './json-log-sink.js';
import { LevelLogSink } from './level-log-sink.js';
import type { LogSink } from './logger.js';

const ORIGIN = { group: 'My "Group"', host: 'localhost', display: 'Consumer - work/3/2' };
const FIELDS = {
  time: '2026-01-01T00:00:00.000Z',
  group: 'My "Group"',
  host: 'localhost',
  process: 'Consumer - work/3/2',
  id: 3,
};

async function written(use: (sink: LogSink) => void): Promise<unknown[]> {
  const stream = new PassThrough({ highWaterMark: 10_000_000 });
  const sink = new JsonLogSink(stream, new ManualClock());
  use(sink);
  await sink.flush();
  stream.end();
  const lines = (await text(stream)).split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line): unknown => JSON.parse(line));
}

it('a record is an object, of several lines as well', async () => {
  const records = await written((sink) => {
    sink.write(ORIGIN, 'warn', 'careful\n  "here"', 'Users');
    sink.write({ display: 'master' }, 'log', 'Stopping...');
  });
  expect(records).toEqual([
    { ...FIELDS, level: 'warn', context: 'Users', message: 'careful\n  "here"' },
    { time: FIELDS.time, level: 'log', process: 'master', message: 'Stopping...' },
  ]);
});

it('each line of a block is an object, also the empty ones', async () => {
  const records = await written((sink) => sink.writeLines(ORIGIN, 'log', 'one\n\n\u0000\u2028 two\n'));
  expect(records).toEqual(['one', '', '\u0000\u2028 two'].map((message) => ({ ...FIELDS, level: 'log', message })));
});

it.each([
  'a "quoted" one\n\ttabs \u001b[31mred\u001b[0m\nlast',
  'C:\\new\n\\n\n\\\nlast',
  'ends in a backslash \\\nnext',
  '\ud800 half a pair\nü€\u{1f600}',
  '',
])('whatever the lines have in them comes back: %j', async (text) => {
  const records = await written((sink) => sink.writeLines(ORIGIN, 'log', `${text}\n`));
  const messages = records.map((record) => (record as { message: string }).message);
  expect(messages).toEqual(text.split('\n'));
});

it('the item that was handled is a field of its own', async () => {
  const records = await written((sink) => {
    sink.writeLines(ORIGIN, 'log', '[item 7] begins\n[item\n[item 8\n');
    sink.write(ORIGIN, 'error', '[item a-1] Error: x\n[item a-1]     at y');
  });
  expect(records).toEqual([
    { ...FIELDS, level: 'log', item: '7', message: 'begins' },
    { ...FIELDS, level: 'log', message: '[item' },
    { ...FIELDS, level: 'log', message: '[item 8' },
    { ...FIELDS, level: 'error', item: 'a-1', message: 'Error: x\n    at y' },
  ]);
});

it('long blocks come whole', async () => {
  const lines = Array.from({ length: 5000 }, (_, index) => `line ${index} ${'x'.repeat(index % 50)}`);
  const records = await written((sink) => sink.writeLines(ORIGIN, 'log', `${lines.join('\n')}\n`));
  expect(records.map((record) => (record as { message: string }).message)).toEqual(lines);
});

it('only what is severe enough passes', async () => {
  const records = await written((sink) => {
    const severe = new LevelLogSink(sink, 'warn');
    severe.write(ORIGIN, 'log', 'no');
    severe.writeLines(ORIGIN, 'log', 'no\n');
    severe.writeLines(ORIGIN, 'warn', 'yes\n');
    severe.write(ORIGIN, 'fatal', 'yes');
  });
  expect(records.map((record) => (record as { level: string }).level)).toEqual(['warn', 'fatal']);
});
