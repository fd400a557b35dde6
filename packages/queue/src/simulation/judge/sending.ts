import { forEachId, toRanges } from '../../protocol/id-ranges.js';
import type { Answers } from '../../protocol/feed-message.js';
import type { ConsumerTruth, ItemTruth, LifeTruth } from '../truth.js';
import { named, type RuleMaker } from './rule.js';

const WINDOW_BYTES = 1_048_576;

interface Held {
  life: LifeTruth | undefined;
  readonly items: Map<number, ItemTruth>;
}

/** Nobody gets more than its window has room for, or anything when it goes. */
export const sending: RuleMaker = (truth, fail) => {
  const { schedule } = truth;
  const all = new Map<ConsumerTruth, Held>();
  const stopping = new Set<ConsumerTruth>();
  const most = schedule.window === 'auto' ? 100_000 : Math.max(schedule.window, schedule.concurrency);

  function heldBy(consumer: ConsumerTruth, life: LifeTruth): Held['items'] {
    const known = all.get(consumer);
    if (known?.life === life) return known.items;
    const items = new Map<number, ItemTruth>();
    all.set(consumer, { life, items });
    return items;
  }

  return {
    sent({ consumer, life, id, item }) {
      const held = heldBy(consumer, life);
      held.set(id, item);
      if (held.size > most) fail('window', `${consumer.name} has ${held.size} items, its window is ${most}`);
      const bytes = [...held.values()].reduce((sum, { size }) => sum + size, 0);
      if (held.size > 1 && bytes > WINDOW_BYTES + 64 * held.size) fail('window', `${consumer.name} has ${bytes} bytes`);
      if (consumer.leaving) fail('leaving', `${consumer.name} gets ${named(item)} though it was let go`);
      if (stopping.has(consumer))
        fail('stopping', `${consumer.name} gets ${named(item)} though it has said that it stops`);
    },
    heard(consumer, life, message) {
      const held = heldBy(consumer, life);
      if (message.type === 'stopping') stopping.add(consumer);
      if (message.type === 'answers') drop(held, message);
      if (message.type !== 'hello') return;
      const listed = new Set<number>();
      if (message.feeder === life.name) forEachId(message.holds, (id) => listed.add(id));
      for (const id of held.keys()) if (!listed.has(id)) held.delete(id);
      consumer.lossy = false;
    },
    refused(consumer, life, reason) {
      if (consumer.alive) fail('no-refusal', `${life.name} refuses ${consumer.name}, which lives: ${reason}`);
    },
  };
};

function drop(held: Held['items'], { done, failed, back }: Answers): void {
  for (const ranges of [done, toRanges(failed.map(([id]) => id)), back]) forEachId(ranges, (id) => held.delete(id));
}
