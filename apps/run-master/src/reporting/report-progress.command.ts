import {
  AbstractSlaveCommand,
  SlaveCommand,
  type GroupConfig,
  type Logger,
  type SlaveHandler,
} from '@distributed-architecture/nestjs';
import { checkCountedFolder } from '../counted-folder.js';
import { ProgressReporter } from './progress-reporter.js';

@SlaveCommand({ name: 'app:report-progress', description: 'Tells how far the counting is' })
export class ReportProgressCommand extends AbstractSlaveCommand {
  constructor(private readonly reporter: ProgressReporter) {
    super();
  }

  async runSlave(handler: SlaveHandler | null): Promise<void> {
    if (!handler) throw new Error('app:report-progress watches other processes: start it by run-master');
    await this.reporter.run(handler);
  }

  /** Without a folder nothing will be counted: there would be nothing to report. */
  override preRunCheck(group: GroupConfig, logger: Logger): boolean {
    return checkCountedFolder(group, logger);
  }
}
