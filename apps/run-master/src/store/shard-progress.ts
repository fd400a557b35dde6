/** What one process of the counting group has to do. */
export interface ShardTask {
  /** From 1 to `shardCount`. */
  shard: number;
  shardCount: number;
  /** Absolute. */
  folder: string;
  /** Grows with every start of the master, the same for all of its processes. */
  run: number;
}

/** How far a shard has come in this run. */
export interface ShardProgress extends ShardTask {
  /** `stopped`: it was asked to stop before it had seen all its files. */
  state: 'looking' | 'reading' | 'stopped' | 'done';
  /** Files that belong to the shard. */
  found: number;
  /** Those of them that are counted. */
  done: number;
  /** Those of `done` that an earlier, stopped run had counted. */
  reused: number;
  /** Bytes of the files that were read. */
  bytes: number;
  seconds: number;
}
