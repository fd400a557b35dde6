import {
  AbstractSlaveQueueCommand,
  SlaveCommand,
  type GroupConfig,
  type Logger,
  type QueueHandler,
} from '@distributed-architecture/nestjs';
import { join } from 'node:path';
import { checkCountedFolder, countedFolder } from '../counted-folder.js';
import { FileChecker } from './file-checker.js';
import { PathFeeder } from './path-feeder.js';

@SlaveCommand({
  name: 'app:check-files',
  description: 'Checks that text files are valid UTF-8, and JSON files valid JSON',
})
export class CheckFilesCommand extends AbstractSlaveQueueCommand<string> {
  constructor(private readonly checker: FileChecker) {
    super();
  }

  override getFeeder({ groupConfig, logger }: QueueHandler): PathFeeder {
    return new PathFeeder(countedFolder(groupConfig), logger);
  }

  /** What it throws comes back to the feeder, with the path. */
  async handleItem({ groupConfig }: QueueHandler, path: string): Promise<void> {
    await this.checker.check(join(countedFolder(groupConfig), path));
  }

  override preRunCheck(group: GroupConfig, logger: Logger): boolean {
    return checkCountedFolder(group, logger);
  }
}
