import { MasterRunningEvent, type QueueView } from '@distributed-architecture/nestjs';
import { Injectable, Logger } from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import { count } from './format.js';

/** Tells once a second how far queue groups are: only the master knows, from their feeders. */
@Injectable()
export class QueueProgressListener {
  private readonly logger = new Logger('Queues');

  @OnEvent(MasterRunningEvent.NAME)
  onMasterRunning({ launcher }: MasterRunningEvent): void {
    for (const queue of launcher.queues) if (queue.waiting + queue.held > 0) this.logger.log(queueLine(queue));
  }
}

export function queueLine({ group, waiting, held, done, failed, rate }: QueueView): string {
  const parts = [
    `${group}: ${count(done)} done`,
    ...(failed > 0 ? [`${count(failed)} failed`] : []),
    `${count(waiting + held)} to do`,
    `${count(Math.round(rate))}/s`,
    ...(rate > 0 ? [`${Math.ceil((waiting + held) / rate)} s left`] : []),
  ];
  return parts.join('  ');
}
