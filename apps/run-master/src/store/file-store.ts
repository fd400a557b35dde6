import { Injectable } from '@nestjs/common';
import { extname } from 'node:path';
import type { FileRecord } from '../files/file-record.js';
import { Database } from './database.js';
import type { ShardProgress, ShardTask } from './shard-progress.js';

const SAVE_SHARD = `
  INSERT OR REPLACE INTO shards
    (shard, shard_count, folder, run, state, found, done, reused, bytes, seconds, updated_ms)
  VALUES (:shard, :shardCount, :folder, :run, :state, :found, :done, :reused, :bytes, :seconds, :updatedMs)`;

const SAVE_FILE = `
  INSERT OR REPLACE INTO files (path, shard, run, extension, kind, bytes, modified_ms, lines, words, sha256)
  VALUES (:path, :shard, :run, :extension, :kind, :bytes, :modifiedMs, :lines, :words, :sha256)`;

const FIND_FILE = `
  SELECT path, kind, bytes, modified_ms AS modifiedMs, lines, words, sha256 FROM files
  WHERE path = :path AND shard = :shard`;

const SHARDS = `
  SELECT shard, shard_count AS shardCount, folder, run, state, found, done, reused, bytes, seconds FROM shards
  WHERE run = :run ORDER BY shard`;

/** Keeps what is counted, so that a stopped run goes on where it was. Each shard writes its own rows only. */
@Injectable()
export class FileStore {
  constructor(private readonly database: Database) {}

  /**
   * Begins a shard's run. Files of a run that was stopped are kept, to be found again by `find`; after a finished run,
   * or for another folder or number of shards, all begins anew. Whichever shard comes first tidies up for all.
   */
  begin(progress: ShardProgress): void {
    const { folder, shardCount, run } = progress;
    this.database.transaction(() => {
      this.run('DELETE FROM shards WHERE folder <> :folder OR shard_count <> :shardCount', { folder, shardCount });
      if (this.isFinished(shardCount, run)) this.run('DELETE FROM shards');
      this.run('DELETE FROM files WHERE shard NOT IN (SELECT shard FROM shards)');
      this.saveShard(progress);
    });
  }

  /** What an earlier run knew of a file of this shard. */
  find(path: string, { shard }: ShardTask): FileRecord | undefined {
    return this.database.prepare(FIND_FILE).get({ path, shard }) as FileRecord | undefined;
  }

  /** Stores files and progress together: what is counted as done is there after a crash, and the other way round. */
  save(progress: ShardProgress, files: FileRecord[]): void {
    const { shard, run } = progress;
    this.database.transaction(() => {
      for (const file of files) {
        this.run(SAVE_FILE, { ...file, shard, run, extension: extname(file.path).toLowerCase() });
      }
      this.saveShard(progress);
      if (progress.state === 'done') {
        this.run('DELETE FROM files WHERE shard = :shard AND run <> :run', { shard, run });
      }
    });
  }

  /** The shards that have begun in this run. */
  shards(run: number): ShardProgress[] {
    return this.database.prepare(SHARDS).all({ run }) as unknown as ShardProgress[];
  }

  private isFinished(shardCount: number, currentRun: number): boolean {
    const sql = "SELECT count(*) AS done FROM shards WHERE state = 'done' AND run <> :currentRun";
    return this.database.prepare(sql).get({ currentRun })!.done === shardCount;
  }

  private saveShard(progress: ShardProgress): void {
    this.run(SAVE_SHARD, { ...progress, updatedMs: Date.now() });
  }

  private run(sql: string, parameters: Record<string, string | number> = {}): void {
    this.database.prepare(sql).run(parameters);
  }
}
