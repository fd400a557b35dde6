import type { SlaveHandler } from '@distributed-architecture/nestjs';
import { describe, expect, it } from 'vitest';
import type { FileStore } from '../store/file-store.js';
import type { ShardProgress } from '../store/shard-progress.js';
import { ProgressReporter } from './progress-reporter.js';

function shard(shard: number, state: ShardProgress['state'], done: number): ShardProgress {
  const task = { shard, shardCount: 2, folder: '/folder', run: 1 };
  return { ...task, state, found: 100, done, reused: 0, bytes: done * 1000, seconds: done / 10 };
}

/** Lets the reporter see one moment after the other; a stop is asked for after the last. */
async function linesOf(...moments: ShardProgress[][]): Promise<string[]> {
  const lines: string[] = [];
  let moment = 0;
  const log = (line: unknown) => lines.push(String(line));
  const handler: Partial<SlaveHandler> = {
    epoch: 1,
    logger: { fatal: log, error: log, warn: log, log, debug: log, verbose: log },
    sleep: async () => ++moment < moments.length,
  };
  const store: Partial<FileStore> = { shards: () => moments[moment]! };
  await new ProgressReporter(store as FileStore).run(handler as SlaveHandler);
  return lines;
}

describe('ProgressReporter', () => {
  it('says little, and ends by itself when all shards have ended', async () => {
    const reading = (done: number) => [shard(1, 'reading', done), shard(2, 'reading', done)];
    const moments = [[], [shard(1, 'looking', 0)], ...Array.from({ length: 100 }, (_, done) => reading(done))];
    const over = [shard(1, 'done', 100), shard(2, 'done', 100)];
    const lines = await linesOf(...moments, over, over, over);
    expect(lines.map((line) => line.match(/\d+ %/)?.[0])).toEqual(['0 %', '20 %', '40 %', '60 %', '80 %', '100 %']);
    expect(lines[2]).toBe('████░░░░░░  40 %  80 of 200 files  80.0 kB  20.0 kB/s  6 s left');
    expect(lines[5]).toBe('██████████ 100 %  200 of 200 files  200.0 kB  20.0 kB/s');
  });

  it('waits for a shard that has not begun', async () => {
    expect(await linesOf([shard(1, 'done', 100)], [shard(1, 'done', 100)])).toEqual([]);
  });

  it('ends with the shards when they were stopped', async () => {
    const stopped = [shard(1, 'done', 100), shard(2, 'stopped', 50)];
    expect(await linesOf(stopped, stopped)).toHaveLength(1);
  });

  it('has nothing to divide by in an empty folder', async () => {
    const empty = [1, 2].map((n) => ({ ...shard(n, 'done', 0), found: 0 }));
    expect(await linesOf(empty)).toEqual(['██████████ 100 %  0 of 0 files  0 B  0 B/s']);
  });
});
