import type { SlaveHandler } from '@distributed-architecture/nestjs';
import { Injectable } from '@nestjs/common';
import { FileStore } from '../store/file-store.js';
import { fleetProgress, progressLine, share, type FleetProgress } from './fleet-progress.js';

/** How often the store is asked, in seconds. */
const LOOK_EVERY = 0.25;
/** A line is worth its place at each fifth of the work, or after so long. */
const STEPS = 5;
const LINE_EVERY_MS = 5_000;
/** When no shard has moved for so long, those that are left have died. */
const PATIENCE_MS = 15_000;

/** Tells how far all shards together are, until they have ended. */
@Injectable()
export class ProgressReporter {
  constructor(private readonly store: FileStore) {}

  async run(handler: SlaveHandler): Promise<void> {
    const lines = new LinePacer();
    const movement = new MovementWatch();
    do {
      const shards = this.store.shards(handler.epoch);
      const progress = fleetProgress(shards);
      if (lines.isDue(progress)) handler.logger.log(progressLine(progress));
      if (progress.over) return;
      if (!movement.isSeen(JSON.stringify(shards))) {
        return handler.logger.warn('No shard has moved for a while: giving up watching them');
      }
    } while (await handler.sleep(LOOK_EVERY));
  }
}

/** Keeps the log short: a handful of lines, however long it takes. */
class LinePacer {
  private saidMs = performance.now();
  private nextStep = 0;

  isDue(progress: FleetProgress): boolean {
    const step = progress.looking ? -1 : Math.floor(share(progress) * STEPS);
    const stepped = step >= this.nextStep;
    if (!stepped && performance.now() - this.saidMs < LINE_EVERY_MS) return false;
    this.saidMs = performance.now();
    this.nextStep = Math.max(this.nextStep, step + 1);
    return true;
  }
}

class MovementWatch {
  private last = '';
  private movedMs = performance.now();

  /** @param state any text that differs when something has moved */
  isSeen(state: string): boolean {
    if (state !== this.last) this.movedMs = performance.now();
    this.last = state;
    return performance.now() - this.movedMs < PATIENCE_MS;
  }
}
