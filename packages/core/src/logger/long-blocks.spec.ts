import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.js';
import { TextLogSink } from './text-log-sink.js';

const ORIGIN = { group: 'Group', host: 'localhost', display: 'work/1/1' };
const TAGS = '2026-01-01T00:00:00.000Z log [Group] [localhost] [work/1/1]';

describe('blocks of lines of any length', () => {
  it.each([1, 20, 1000, 16_383, 16_384, 16_385, 40_000])(
    'come whole, each line tagged (lines of %i)',
    async (length) => {
      const lines = Array.from({ length: Math.ceil(50_000 / length) }, (_, index) => `${index}`.padEnd(length, 'ä'));
      const stream = new PassThrough({ highWaterMark: 10_000_000 });
      const sink = new TextLogSink(stream, new ManualClock());
      sink.writeLines(ORIGIN, 'log', lines.map((line) => `${line}\n`).join(''));
      await sink.flush();
      stream.end();
      expect(await text(stream)).toBe(lines.map((line) => `${TAGS} ${line}\n`).join(''));
    },
  );
});
