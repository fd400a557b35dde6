import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileReader } from '../files/file-reader.js';
import type { FileRecord } from '../files/file-record.js';
import { shardOf } from '../files/shard.js';
import { walk } from '../files/walk.js';
import type { FileStore } from '../store/file-store.js';
import type { ShardProgress, ShardTask } from '../store/shard-progress.js';

const SAVE_EVERY_MS = 250;

/** What a shard needs of its `SlaveHandler`. */
export interface Pulse {
  readonly signal: AbortSignal;
  ping(): void;
}

/** One process' share of the work: looks for its files, so that the progress has an end to count to, and reads them. */
export class ShardRun {
  private readonly startedMs = performance.now();
  private savedMs = this.startedMs;
  private unsaved: FileRecord[] = [];
  private readonly progress: ShardProgress;

  constructor(
    private readonly task: ShardTask,
    private readonly store: FileStore,
    private readonly reader: FileReader,
    private readonly pulse: Pulse,
  ) {
    this.progress = { ...task, state: 'looking', found: 0, done: 0, reused: 0, bytes: 0, seconds: 0 };
  }

  /** Resolves when all is counted or a stop was asked for; everything that was counted is stored then. */
  async run(): Promise<ShardProgress> {
    this.store.begin(this.progress);
    try {
      await this.look();
      await this.read();
      this.save('done');
    } catch (error) {
      if (!this.pulse.signal.aborted) throw error;
      this.save('stopped');
    }
    return this.progress;
  }

  private async look(): Promise<void> {
    for await (const _ of this.ownFiles()) this.progress.found++;
  }

  private async read(): Promise<void> {
    this.progress.state = 'reading';
    for await (const path of this.ownFiles()) {
      // First the record, then the array: a beat within may have stored the array and begun a new one.
      const record = await this.record(path);
      this.unsaved.push(record);
      this.progress.done++;
    }
    // Files came and went between looking and reading.
    this.progress.found = this.progress.done;
  }

  private async *ownFiles(): AsyncGenerator<string> {
    const { folder, shard, shardCount } = this.task;
    for await (const path of walk(folder)) {
      this.beat();
      if (shardOf(path, shardCount) === shard) yield path;
    }
  }

  private async record(path: string): Promise<FileRecord> {
    const file = join(this.task.folder, path);
    const { size, mtimeMs } = await lstat(file).catch(() => ({ size: 0, mtimeMs: 0 }));
    const known = this.store.find(path, this.task);
    if (known && known.bytes === size && known.modifiedMs === mtimeMs && known.kind !== 'unreadable') {
      this.progress.reused++;
      return known;
    }
    const content = await this.reader.read(file, () => this.beat());
    if (content.kind === 'text') this.progress.bytes += content.bytes;
    return { path, modifiedMs: mtimeMs, ...content };
  }

  /** Between any two steps: tells the launcher "alive", stores what there is from time to time, ends a run that must stop. */
  private beat(): void {
    this.pulse.signal.throwIfAborted();
    this.pulse.ping();
    if (performance.now() - this.savedMs >= SAVE_EVERY_MS) this.save(this.progress.state);
  }

  private save(state: ShardProgress['state']): void {
    this.progress.state = state;
    this.progress.seconds = (performance.now() - this.startedMs) / 1000;
    this.store.save(this.progress, this.unsaved);
    this.unsaved = [];
    this.savedMs = performance.now();
  }
}
