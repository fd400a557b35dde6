import type { ConsumerTruth, ItemTruth, Outcome } from '../truth.js';
import { named, type RuleMaker } from './rule.js';

/** So long after a freeze. */
const THAW_MS = 100;

/** Each claimed item is answered once, by the feeder that has it, and only with what has happened. */
export const outcomes: RuleMaker = (truth, fail) => ({
  claimed(item, life) {
    if (item.life?.alive === true && item.life !== life) fail('one-outcome', `${named(item)} is claimed twice`);
  },
  outcome(item, life, outcome) {
    if (item.life !== life) fail('one-outcome', `${named(item)} is answered by ${life.name}, which does not have it`);
    if (item.outcome !== undefined) fail('one-outcome', `${named(item)} is ${item.outcome} and then ${outcome}`);
    // It did not get to reading the connections of the dead to their end.
    if (outcome === 'lost' && truth.now - life.frozenAt < THAW_MS) return;
    const problem = problemOf(item, outcome, truth.schedule.itemTimeoutMs);
    if (problem !== undefined) fail('true-outcome', `${named(item)} is ${outcome}: ${problem}`);
  },
});

function problemOf(item: ItemTruth, outcome: Outcome, itemTimeoutMs: number): string | undefined {
  switch (outcome) {
    case 'complete':
      return item.handlings.some((each) => each.outcome === 'done') ? undefined : 'no handler has ended';
    case 'error':
      return item.handlings.some((each) => each.outcome === 'failed') ? undefined : 'no handler has thrown';
    case 'timeout':
      return itemTimeoutMs > 0 && wasAnnounced(item) ? undefined : 'nobody has begun it, or it may take any time';
    case 'lost':
      return [...item.sentTo].some((consumer) => mayBeLost(item, consumer))
        ? undefined
        : 'nobody who may have begun it is dead';
    case 'invalid':
      return item.kind === 'invalid' ? undefined : 'it can be sent';
    case 'release':
    case 'released':
      return item.handlings.some(({ consumer }) => !consumer.killAsked && consumer.alive) ? 'it was begun' : undefined;
  }
}

function wasAnnounced(item: ItemTruth): boolean {
  return [...item.sentTo].some(({ announced }) => announced.has(item));
}

function mayBeLost(item: ItemTruth, { alive, announced, lossy }: ConsumerTruth): boolean {
  return !alive && (announced.has(item) || lossy);
}
