import { Answer, type ItemLedger } from './item-ledger.js';

export interface ItemVerdict {
  readonly items: number;
  /** Claimed, never handled, and not given back to the application when its last feeder ended. */
  readonly lost: number;
  /** Handled more than once, or told to be an error though it was handled. */
  readonly doubled: number;
}

/** What became of each item that a feeder has ever claimed. */
export function judgeItems({ feeders, handled }: ItemLedger): ItemVerdict {
  const times = new Map<number, number>();
  for (const { claims } of feeders) {
    for (const { first, last } of claims) for (let id = first; id <= last; id++) times.set(id, 0);
  }
  for (const { id } of handled) times.set(id, (times.get(id) ?? 0) + 1);
  const released = feeders.at(-1)?.answers;
  let lost = 0;
  let doubled = 0;
  for (const [id, count] of times) {
    const failed = feeders.some(({ answers }) => answers.get(id) === Answer.failed);
    if (count === 0 && released?.get(id) !== Answer.released) lost++;
    if (count > 1 || (count === 1 && failed)) doubled++;
  }
  return { items: times.size, lost, doubled };
}
