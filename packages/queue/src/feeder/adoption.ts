import type { HelloMessage, IdRanges } from '../protocol/feed-message.js';
import { expand, toRanges } from '../protocol/id-ranges.js';
import type { Listed } from './comparison.js';
import type { ConsumerRecord } from './consumer-record.js';
import type { AdoptedEvent } from './feed-event.js';
import type { FeedState } from './feed-state.js';
import { send } from './sending.js';
import type { Turn } from './turn.js';

/** Old and new numbers of what a consumer has from a feeder before, and what it lists, in new ones. */
export interface Adoption extends Listed {
  readonly ids: readonly (readonly [old: number, id: number])[];
}

/** The keys of what the consumer has from a feeder before this one. */
export function adoptable({ settings }: FeedState, { feeder, keys = [] }: HelloMessage): string[] {
  if (!settings.adopts || feeder === null || feeder === settings.life) return [];
  return keys.map(([, key]) => key);
}

/** What the source gives out for these keys is the consumer's already. */
export function takeIn(turn: Turn, consumer: ConsumerRecord, { items }: AdoptedEvent): void {
  const { state } = turn;
  for (const item of items) {
    item.id = state.nextId++;
    state.items.add(item);
    state.adopted.set(item.claimed.key!, item);
  }
  send(turn, consumer, items);
}

export function adoptionOf({ state }: Turn, consumer: ConsumerRecord, hello: HelloMessage): Adoption {
  const ids: [old: number, id: number][] = [];
  for (const [old, key] of hello.keys ?? []) {
    const item = state.adopted.get(key);
    if (item?.holder === consumer) ids.push([old, item.id]);
  }
  const newIds = new Map(ids);
  const translate = (ranges: IdRanges): IdRanges => toRanges(expand(ranges).flatMap((old) => newIds.get(old) ?? []));
  const { done, failed, back } = hello.answers;
  return {
    ids,
    holds: translate(hello.holds),
    begun: translate(hello.begun),
    answers: {
      done: translate(done),
      failed: failed.flatMap(([old, error]) => {
        const id = newIds.get(old);
        return id === undefined ? [] : [[id, error] as const];
      }),
      back: translate(back),
    },
  };
}
