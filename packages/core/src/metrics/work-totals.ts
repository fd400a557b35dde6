import { HANDLING_BUCKETS, type HandlingTimes, type WorkMeasure } from './process-measure.js';

/** What all consumers of a group have done in this run, also those that are over. */
export interface GroupWork {
  /** Items that consumers gave back, never begun. */
  readonly released: number;
  readonly times: HandlingTimes;
}

interface Told {
  readonly incarnation: number;
  readonly released: number;
  readonly times: HandlingTimes;
}

const NO_TIMES: HandlingTimes = { counts: HANDLING_BUCKETS.map(() => 0).concat(0), sum: 0 };

/** Adds up what consumers tell: each tells what it has done since its start. */
export class WorkTotals {
  readonly #groups = new Map<string, GroupWork>();
  readonly #told = new Map<number, Told>();

  /** Undefined: nothing was told by consumers of that group. */
  of(group: string): GroupWork | undefined {
    return this.#groups.get(group);
  }

  add(
    process: { readonly id: number; readonly group: string },
    incarnation: number,
    { items, times }: WorkMeasure,
  ): void {
    const before = this.#told.get(process.id);
    const isFirst = before === undefined || before.incarnation < incarnation;
    if ((items === undefined && times === undefined) || (!isFirst && before.incarnation > incarnation)) return;
    const last = isFirst ? { released: 0, times: NO_TIMES } : before;
    const told = { incarnation, released: items?.released ?? last.released, times: times ?? last.times };
    const { released, times: all } = this.#groups.get(process.group) ?? { released: 0, times: NO_TIMES };
    this.#told.set(process.id, told);
    this.#groups.set(process.group, {
      released: released + since(last.released, told.released),
      times: {
        counts: all.counts.map((count, index) => count + since(last.times.counts[index]!, told.times.counts[index]!)),
        sum: all.sum + since(last.times.sum, told.times.sum),
      },
    });
  }

  /** Of processes that there are no more only what they have done is kept. */
  keepOnly(ids: ReadonlySet<number>): void {
    for (const id of this.#told.keys()) if (!ids.has(id)) this.#told.delete(id);
  }

  get size(): number {
    return this.#told.size;
  }
}

/** Whatever a process says, a total never falls. */
function since(before: number, now: number): number {
  return Math.max(0, now - before);
}
