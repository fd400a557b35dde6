import {
  AbstractSlaveCommand,
  SlaveCommand,
  type GroupConfig,
  type Logger,
  type SlaveHandler,
} from '@distributed-architecture/nestjs';
import { checkCountedFolder } from '../counted-folder.js';
import { FileIndexer } from './file-indexer.js';

@SlaveCommand({ name: 'app:index-files', description: 'Hashes and counts the text files of a folder' })
export class IndexFilesCommand extends AbstractSlaveCommand {
  constructor(private readonly indexer: FileIndexer) {
    super();
  }

  async runSlave(handler: SlaveHandler | null): Promise<void> {
    if (!handler) throw new Error('app:index-files shares its work with others: start it by run-master');
    await this.indexer.run(handler);
  }

  override preRunCheck(group: GroupConfig, logger: Logger): boolean {
    return checkCountedFolder(group, logger);
  }
}
