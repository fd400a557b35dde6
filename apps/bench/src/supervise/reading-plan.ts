/** Part of the lines that is read as fast as they come, so that memory is what it is under full load. */
const FAST_SHARE = 0.2;

/** Lines a second that are taken after that: far below what the printers make. */
const SLOW_LINES_PER_SECOND = 200_000;

/** Once, after this part of the lines. */
const STANDSTILL_SHARE = 0.6;
const STANDSTILL_MS = 3000;

/** When a reader reads next that is fast first, then slow, and once stands still. */
export class ReadingPlan {
  private slowSinceMs: number | undefined;
  private stoodStillMs = 0;

  constructor(private readonly totalLines: number) {}

  isFast(lines: number): boolean {
    return lines <= this.totalLines * FAST_SHARE;
  }

  /** How long to wait before more than so many lines are read. */
  pauseMsAfter(lines: number): number {
    if (this.isFast(lines)) return 0;
    if (this.stoodStillMs === 0 && lines >= this.totalLines * STANDSTILL_SHARE) return this.standStill();
    this.slowSinceMs ??= performance.now();
    const slowLines = lines - this.totalLines * FAST_SHARE;
    const dueMs = this.slowSinceMs + this.stoodStillMs + (slowLines / SLOW_LINES_PER_SECOND) * 1000;
    return Math.max(0, dueMs - performance.now());
  }

  private standStill(): number {
    this.stoodStillMs = STANDSTILL_MS;
    return STANDSTILL_MS;
  }
}
