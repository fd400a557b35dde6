import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { FileReader } from '../files/file-reader.js';
import { Database } from '../store/database.js';
import { FileStore } from '../store/file-store.js';
import type { ShardProgress } from '../store/shard-progress.js';
import { Summary, type ShardSummary } from '../store/summary.js';
import { temporaryFolder } from '../temporary-folder.spec-helper.js';
import { ShardRun } from './shard-run.js';

const FILES = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`folder-${i % 4}/${i}.txt`, `file ${i}\n`]));

/** A pulse that asks for a stop at its `stopAt`-th beat. */
class CountingPulse {
  private readonly controller = new AbortController();
  readonly signal = this.controller.signal;
  private beats = 0;

  constructor(private readonly stopAt = Infinity) {}

  ping(): void {
    if (++this.beats >= this.stopAt) this.controller.abort();
  }
}

class Scenario {
  private readonly database = new Database(join(temporaryFolder(), 'sub/files.sqlite'));
  readonly store = new FileStore(this.database);
  readonly summary = new Summary(this.database);

  constructor(
    readonly folder: string,
    private readonly shardCount: number,
  ) {
    onTestFinished(() => this.database.onModuleDestroy());
  }

  shard(shard: number, run: number, { stopAt, shardCount = this.shardCount, folder = this.folder } = {} as Variation) {
    const task = { shard, shardCount, folder, run };
    return new ShardRun(task, this.store, new FileReader(), new CountingPulse(stopAt)).run();
  }

  all(run: number): Promise<ShardProgress[]> {
    return Promise.all(Array.from({ length: this.shardCount }, (_, i) => this.shard(i + 1, run)));
  }

  total(field: 'texts' | 'lines' | 'words' | 'bytes'): number {
    return this.summary.shards(0).reduce((total: number, shard: ShardSummary) => total + shard[field], 0);
  }
}

interface Variation {
  stopAt?: number;
  shardCount?: number;
  folder?: string;
}

describe('ShardRun', () => {
  it('counts each file in exactly one shard', async () => {
    const scenario = new Scenario(temporaryFolder({ ...FILES, binary: Buffer.alloc(10) }), 3);
    const shards = await scenario.all(1);
    expect(shards.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
    expect(shards.reduce((sum, { found }) => sum + found, 0)).toBe(41);
    expect(scenario.total('texts')).toBe(40);
    expect(scenario.total('lines')).toBe(40);
    expect(scenario.total('words')).toBe(80);
    expect(scenario.total('bytes')).toBe(10 * 7 + 30 * 8);
    expect(scenario.summary.totals()).toMatchObject({ binary: 1, unreadable: 0 });
  });

  it('goes on where a stopped run was', async () => {
    const scenario = new Scenario(temporaryFolder(FILES), 1);
    // 40 beats while it looks, then one before each file and one after each piece of it.
    const stopped = await scenario.shard(1, 1, { stopAt: 60 });
    expect(stopped.state).toBe('stopped');
    expect(stopped.done).toBeGreaterThan(0);
    expect(stopped.done).toBeLessThan(40);
    expect(scenario.total('texts')).toBe(stopped.done);

    expect(await scenario.shard(1, 2)).toMatchObject({ state: 'done', done: 40, reused: stopped.done });
    expect(scenario.total('lines')).toBe(40);
  });

  it('is stopped while it looks, and has counted nothing', async () => {
    const scenario = new Scenario(temporaryFolder(FILES), 1);
    expect(await scenario.shard(1, 1, { stopAt: 5 })).toMatchObject({ state: 'stopped', done: 0 });
    expect(await scenario.shard(1, 2)).toMatchObject({ state: 'done', done: 40, reused: 0 });
  });

  it('keeps what a finished shard has while another one was stopped', async () => {
    const scenario = new Scenario(temporaryFolder(FILES), 2);
    const finished = await scenario.shard(1, 1);
    await scenario.shard(2, 1, { stopAt: 50 });
    const [first, second] = await scenario.all(2);
    expect(first!.reused).toBe(finished.done);
    expect(second!.state).toBe('done');
    expect(scenario.total('texts')).toBe(40);
  });

  it('counts changed files again and forgets deleted ones after a stop', async () => {
    const scenario = new Scenario(temporaryFolder(FILES), 2);
    await scenario.shard(1, 1);
    await scenario.shard(2, 1);
    await scenario.shard(2, 2, { stopAt: 1 });
    rmSync(join(scenario.folder, 'folder-0/0.txt'));
    appendFileSync(join(scenario.folder, 'folder-1/1.txt'), 'one more\n');
    await scenario.all(3);
    expect(scenario.total('texts')).toBe(39);
    expect(scenario.total('lines')).toBe(40);
  });

  it('begins anew after a finished run', async () => {
    const scenario = new Scenario(temporaryFolder(FILES), 2);
    await scenario.all(1);
    expect(await scenario.all(2)).toMatchObject([{ reused: 0 }, { reused: 0 }]);
    expect(scenario.total('texts')).toBe(40);
  });

  it('goes on after a crash within one run', async () => {
    const scenario = new Scenario(temporaryFolder(FILES), 1);
    const { done } = await scenario.shard(1, 1, { stopAt: 60 });
    expect(await scenario.shard(1, 1)).toMatchObject({ done: 40, reused: done });
  });

  it('forgets another folder and another number of shards', async () => {
    const scenario = new Scenario(temporaryFolder(FILES), 3);
    await scenario.all(1);
    await scenario.shard(1, 2, { shardCount: 1 });
    expect(scenario.summary.shards(0)).toMatchObject([{ shard: 1, texts: 40 }]);
    await scenario.shard(1, 3, { shardCount: 1, folder: temporaryFolder({ only: 'x\n' }) });
    expect(scenario.total('texts')).toBe(1);
  });

  it('loses no file when it stores in the middle of one', async () => {
    const scenario = new Scenario(temporaryFolder(FILES), 2);
    let seconds = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => seconds++ * 1000);
    onTestFinished(() => clock.mockRestore());
    await scenario.all(1);
    expect(scenario.total('texts')).toBe(40);
  });

  it('has nothing to do in an empty folder', async () => {
    const scenario = new Scenario(temporaryFolder(), 2);
    expect(await scenario.all(1)).toMatchObject([
      { state: 'done', found: 0 },
      { state: 'done', found: 0 },
    ]);
    expect(scenario.total('bytes')).toBe(0);
  });

  it('tells about its progress while it runs', async () => {
    const scenario = new Scenario(temporaryFolder(FILES), 2);
    expect(scenario.store.shards(1)).toEqual([]);
    await scenario.shard(2, 1);
    expect(scenario.store.shards(1)).toMatchObject([{ shard: 2, shardCount: 2, run: 1, state: 'done' }]);
    expect(scenario.store.shards(2)).toEqual([]);
  });
});
