import { MasterStartingEvent, MasterStoppedEvent, ProcessRole } from '@distributed-architecture/nestjs';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import { Summary } from '../store/summary.js';
import { summaryText } from './summary-text.js';

/** Shows the result when the master has ended. */
@Injectable()
export class SummaryListener implements OnApplicationShutdown {
  private startedMs = 0;
  private text = '';

  constructor(
    private readonly role: ProcessRole,
    private readonly summary: Summary,
  ) {}

  @OnEvent(MasterStartingEvent.NAME)
  onMasterStarting(): void {
    this.startedMs = Date.now();
  }

  /** The launchers of remote hosts publish this event, too; the result is for the one who typed the command. */
  @OnEvent(MasterStoppedEvent.NAME)
  onMasterStopped(): void {
    if (this.role.name === 'master') this.text = summaryText(this.summary, this.startedMs);
  }

  /** Not before: the log has written its last line now. */
  onApplicationShutdown(): void {
    process.stdout.write(this.text);
  }
}
