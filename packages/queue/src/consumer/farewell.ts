import { describeRanges } from '../protocol/id-ranges.js';
import { RangeBuilder } from '../protocol/range-builder.js';

const MAX_LINE = 1000;

/** What a feeder that is gone never confirmed: it is told in one line as soon as nothing of it is being handled. */
export class Farewell {
  readonly done = new RangeBuilder();
  readonly failed = new RangeBuilder();
  /** Never begun. */
  readonly back = new RangeBuilder();
  /** Items of it that are being handled. */
  running = 0;

  /** @returns `Feeder has gone: not confirmed: done 3-5, 9; failed 7; not begun 10-12`, undefined when all was */
  line(what: string): string | undefined {
    const parts = [
      ['done', this.done],
      ['failed', this.failed],
      ['not begun', this.back],
    ] as const;
    const told = parts
      .map(([name, ids]) => [name, describeRanges(ids.take())])
      .filter(([, ids]) => ids !== '')
      .map(([name, ids]) => `${name} ${ids}`);
    if (told.length === 0) return undefined;
    const line = `${what}: not confirmed: ${told.join('; ')}`;
    return line.length <= MAX_LINE ? line : `${line.slice(0, MAX_LINE - 6)} [...]`;
  }
}
