import type { AnswersMessage, ConsumerMessage, HelloMessage, IdRanges } from '../protocol/feed-message.js';
import { FEED_PROTOCOL } from '../protocol/feed-message.js';
import type { FailedItem } from '../source/item-source.js';
import { FeedItem } from './feed-item.js';
import type { FeedEffect, FeedEvent, OutcomeBatch } from './feed-event.js';
import { createFeedState, type FeedSettings, type FeedState } from './feed-state.js';
import { decideFeed } from './feeder-machine.js';

export const SETTINGS: FeedSettings = {
  life: 'life',
  concurrency: 1,
  window: 10,
  maxItemSize: 1000,
  itemTimeoutMs: 0,
  abortGraceMs: 1000,
  pollIntervalMs: 1000,
  maxIdleMs: 0,
  adopts: false,
  prove: () => undefined,
};

/** The decisions of a feeder whose source, consumers and clock are played by a test. The source settles at once. */
export class PlayedFeed {
  readonly state: FeedState;
  now = 0;
  /** What was decided since the last look. */
  effects: FeedEffect[] = [];
  /** Batches are kept instead of settled. */
  settles = true;
  readonly unsettled: OutcomeBatch[] = [];
  /** All that was recorded: `complete 1`, `fail 2 lost`, `release 3`. */
  readonly outcomes: string[] = [];

  constructor(settings: Partial<FeedSettings> = {}) {
    this.state = createFeedState({ ...SETTINGS, ...settings });
  }

  /** Started, with so many items claimed and none left now. */
  static with(items: number, settings: Partial<FeedSettings> = {}): PlayedFeed {
    const feed = new PlayedFeed(settings);
    feed.do({ type: 'start' });
    feed.claimed(items);
    return feed;
  }

  do(event: FeedEvent): void {
    for (const effect of decideFeed(this.state, event, this.now)) {
      this.effects.push(effect);
      if (effect.type === 'claim') this.do({ type: 'claim-waits' });
      if (effect.type !== 'tell-source') continue;
      this.outcomes.push(...namesOf(effect.batch));
      if (this.settles) this.do({ type: 'settled', batch: effect.batch });
      else this.unsettled.push(effect.batch);
    }
  }

  /** Turns the clock to there, with a tick at each deadline. */
  advanceTo(time: number): void {
    while (this.state.deadline <= time) {
      this.now = Math.max(this.now, this.state.deadline);
      this.do({ type: 'tick' });
    }
    this.now = time;
  }

  claimed(count: number, { keys, ended = false }: { keys?: string[]; ended?: boolean } = {}): void {
    const items = Array.from({ length: count }, (_, index) => {
      const claimed = { item: `item ${index}`, ...(keys === undefined ? {} : { key: keys[index] }) };
      return new FeedItem(claimed, '"x"', 1);
    });
    this.do({ type: 'claimed', items, invalid: [], ended });
  }

  connect(link: number, hello: Partial<HelloMessage> = {}): void {
    this.do({ type: 'accepted', link, peer: `peer ${link}`, identity: undefined });
    this.hear(link, helloOf({ id: link, ...hello }));
  }

  hear(link: number, ...messages: ConsumerMessage[]): void {
    this.do({ type: 'heard', link, messages });
  }

  begins(link: number, ...ids: number[]): void {
    this.hear(link, { type: 'begun', ids: rangesOf(ids) });
  }

  answers(link: number, answers: { done?: number[]; failed?: number[]; back?: number[] }): void {
    this.hear(link, answersOf(answers));
  }

  close(link: number, whole = true): void {
    this.do({ type: 'closed', link, whole });
  }

  gone(id: number, incarnation = 1): void {
    this.do({ type: 'consumer-gone', id, incarnation });
  }

  /** What was said to that connection since the last look, and done to it: `items 1-3`, `confirm 1-2`, `ping`. */
  saidTo(link: number): string[] {
    const said = this.effects.filter((effect) => 'link' in effect && effect.link === link);
    this.effects = this.effects.filter((effect) => !said.includes(effect));
    return said.map(describe);
  }

  /** Everything else since the last look. */
  take(type: FeedEffect['type']): FeedEffect[] {
    const taken = this.effects.filter((effect) => effect.type === type);
    this.effects = this.effects.filter((effect) => effect.type !== type);
    return taken;
  }
}

export function helloOf(hello: Partial<HelloMessage> = {}): HelloMessage {
  return {
    type: 'hello',
    protocol: FEED_PROTOCOL,
    id: 1,
    incarnation: 1,
    feeder: null,
    holds: [],
    begun: [],
    // Else the first that it gets counts as begun, and each test would have to tell those from the rest.
    announces: true,
    answers: { done: [], failed: [], back: [] },
    ...hello,
  };
}

export function answersOf({
  done = [],
  failed = [],
  back = [],
}: Partial<Record<'done' | 'failed' | 'back', number[]>>) {
  const answers: AnswersMessage = {
    type: 'answers',
    done: rangesOf(done),
    failed: failed.map((id) => [id, { name: 'Error', message: `broken ${id}` }]),
    back: rangesOf(back),
  };
  return answers;
}

export function rangesOf(ids: readonly number[]): IdRanges {
  return ids.map((id) => [id, id]);
}

function namesOf({ outcome, ids, items, failed }: OutcomeBatch): string[] {
  const numbers = expand(ids);
  if (outcome !== 'fail') return items.map((_, index) => `${outcome} ${numbers[index]}`);
  return failed.map(({ reason }: FailedItem, index) => `fail ${numbers[index] ?? '-'} ${reason.kind}`);
}

function describe(effect: FeedEffect): string {
  if (effect.type === 'say-items') return `items ${effect.items.map(({ id }) => id).join(' ')}`;
  if (effect.type !== 'say') return effect.type;
  const { message } = effect;
  if (message.type === 'bye') return `bye${message.refused ? ' refused' : ''}: ${message.reason}`;
  if (message.type === 'welcome') return message.adopted ? `welcome ${JSON.stringify(message.adopted)}` : 'welcome';
  return 'ids' in message ? `${message.type} ${expand(message.ids).join(' ')}` : message.type;
}

function expand(ids: IdRanges): number[] {
  return ids.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index));
}
