/** Lines a second that are taken: far below what the printers make. */
const LINES_PER_SECOND = 300_000;

/** Once, after this part of the lines, nothing is taken for a while. */
const STANDSTILL_SHARE = 0.6;
const STANDSTILL_MS = 3000;

/** When a reader reads next that is slow all the time, and once stands still. */
export class ReadingPlan {
  private readonly startMs = performance.now();
  private stoodStillMs = 0;

  constructor(private readonly totalLines: number) {}

  /** How long to wait before more than so many lines are read. */
  pauseMsAfter(lines: number): number {
    if (this.stoodStillMs === 0 && lines >= this.totalLines * STANDSTILL_SHARE) return this.standStill();
    const dueMs = this.startMs + this.stoodStillMs + (lines / LINES_PER_SECOND) * 1000;
    return Math.max(0, dueMs - performance.now());
  }

  private standStill(): number {
    this.stoodStillMs = STANDSTILL_MS;
    return STANDSTILL_MS;
  }
}
