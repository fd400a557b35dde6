import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.js';
import { TextLogSink } from './text-log-sink.js';

const ORIGIN = { group: 'G', host: 'localhost', display: 'work/1/1' };
const HEAD = '2026-01-01T00:00:00.000Z';

/** A stream whose writes end when the test says so. */
class SlowStream extends Writable {
  text = '';
  readonly #held: (() => void)[] = [];
  held = false;

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    if (this.held) this.#held.push(done);
    else done();
  }

  release(): void {
    this.held = false;
    for (const done of this.#held.splice(0)) done();
  }
}

function open() {
  const stream = new SlowStream();
  return { stream, sink: new TextLogSink(stream, new ManualClock()) };
}

describe('TextLogSink', () => {
  it('writes time, level, origin, context and message', async () => {
    const { stream, sink } = open();
    sink.write(ORIGIN, 'warn', 'hello');
    sink.write(ORIGIN, 'debug', 'hello', 'Users');
    sink.write({ display: 'master' }, 'log', 'Stopping...');
    await sink.flush();
    expect(stream.text).toBe(
      [
        `${HEAD} warn [G] [localhost] [work/1/1] hello\n`,
        `${HEAD} debug [G] [localhost] [work/1/1] [Users] hello\n`,
        `${HEAD} log [master] Stopping...\n`,
      ].join(''),
    );
  });

  it('tags each line of a block, also the empty ones', async () => {
    const { stream, sink } = open();
    sink.writeLines(ORIGIN, 'log', 'one\n\n$& two\n');
    await sink.flush();
    const head = `${HEAD} log [G] [localhost] [work/1/1] `;
    expect(stream.text).toBe(`${head}one\n${head}\n${head}$& two\n`);
  });

  it('tags each line of a record with several', async () => {
    const { stream, sink } = open();
    sink.write(ORIGIN, 'error', 'Error: x\n    at y');
    await sink.flush();
    expect(stream.text.split('\n').map((line) => line.slice(HEAD.length + 1))).toEqual([
      'error [G] [localhost] [work/1/1] Error: x',
      'error [G] [localhost] [work/1/1]     at y',
      '',
    ]);
  });

  it('is full while more than 1 MiB waits for the stream, until that drains', async () => {
    const { stream, sink } = open();
    expect(sink.full()).toBeUndefined();
    stream.held = true;
    for (let i = 0; i < 20; i++) sink.writeLines(ORIGIN, 'log', `${'x'.repeat(65_536)}\n`);
    const full = sink.full();
    expect(full).toBeInstanceOf(Promise);
    expect(sink.full()).toBe(full);
    stream.release();
    await full;
    expect(sink.full()).toBeUndefined();
  });

  it('a stream that fails takes nothing any more and holds up nobody', async () => {
    const { stream, sink } = open();
    stream.held = true;
    for (let i = 0; i < 20; i++) sink.writeLines(ORIGIN, 'log', `${'x'.repeat(65_536)}\n`);
    const full = sink.full();
    stream.destroy(new Error('EPIPE'));
    await full;
    sink.write(ORIGIN, 'log', 'x');
    await sink.flush();
    expect(sink.full()).toBeUndefined();
  });
});
