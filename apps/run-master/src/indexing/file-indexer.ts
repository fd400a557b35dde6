import type { SlaveHandler } from '@distributed-architecture/nestjs';
import { Injectable } from '@nestjs/common';
import { countedFolder } from '../counted-folder.js';
import { FileReader } from '../files/file-reader.js';
import { count, size } from '../reporting/format.js';
import { FileStore } from '../store/file-store.js';
import type { ShardProgress } from '../store/shard-progress.js';
import { ShardRun } from './shard-run.js';

/** Counts this process' share of the files. */
@Injectable()
export class FileIndexer {
  constructor(
    private readonly store: FileStore,
    private readonly reader: FileReader,
  ) {}

  async run(handler: SlaveHandler): Promise<void> {
    const task = {
      shard: handler.groupId,
      shardCount: handler.groupCount,
      folder: countedFolder(handler.groupConfig),
      run: handler.epoch,
    };
    const progress = await new ShardRun(task, this.store, this.reader, handler).run();
    handler.logger.log(describe(progress));
  }
}

function describe({ shard, shardCount, state, found, done, reused, bytes, seconds }: ShardProgress): string {
  const name = `Shard ${shard} of ${shardCount}`;
  if (state === 'stopped') return `${name}: stopped after ${count(done)} of ${count(found)} files`;
  const before = reused > 0 ? `, ${count(reused)} of them by the run before` : '';
  return `${name}: counted ${count(done)} files${before}; read ${size(bytes)} in ${seconds.toFixed(1)} s`;
}
