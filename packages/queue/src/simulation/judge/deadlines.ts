import type { Answers, IdRanges } from '../../protocol/feed-message.js';
import { expand, forEachId } from '../../protocol/id-ranges.js';
import type { ConsumerTruth, LifeTruth, Truth } from '../truth.js';
import { named, type RuleMaker } from './rule.js';

const SLACK_MS = 60;
/** Most outcomes that a source has not taken, and what one read may add to them. */
const MOST_UNSETTLED = 10_000;

interface Begun {
  readonly consumer: ConsumerTruth;
  /** Its time runs. */
  counts: boolean;
}

/** What takes too long has timed out; who does not let go is to be killed; who cannot keep up is not flooded. */
export const deadlines: RuleMaker = (truth, fail) => {
  const { schedule } = truth;
  const begun = new Map<LifeTruth, Map<number, Begun>>();
  const windows = schedule.window === 'auto' ? schedule.items.count : schedule.window * schedule.consumers;
  let unsettled = 0;

  function begins(consumer: ConsumerTruth, life: LifeTruth, id: number): void {
    const all = begun.get(life) ?? new Map<number, Begun>();
    begun.set(life, all);
    if (!all.has(id)) all.set(id, { consumer, counts: false });
  }

  /** Of what a consumer has announced as many count as it handles at once, in the order of the announcements. */
  function count(consumer: ConsumerTruth, life: LifeTruth): void {
    if (schedule.itemTimeoutMs === 0) return;
    let lanes = schedule.concurrency;
    for (const [id, each] of begun.get(life) ?? []) {
      if (each.consumer !== consumer) continue;
      if (lanes-- <= 0) return;
      if (!each.counts) watch(id, each, life);
      each.counts = true;
    }
  }

  function watch(id: number, each: Begun, life: LifeTruth): void {
    const { consumer } = each;
    const isBegun = (): boolean => consumer.alive && begun.get(life)?.get(id) === each && !wasFrozen(truth, life);
    look(schedule.itemTimeoutMs, () => {
      const item = life.items.get(id);
      const isOpen = item?.outcome === undefined && item?.life === life;
      if (isOpen && isBegun()) fail('item-timeout', `${named(item)} does not time out in ${consumer.name}`);
    });
    look(schedule.itemTimeoutMs + schedule.abortGraceMs, () => {
      if (consumer.killAsked || !isBegun()) return;
      fail('kill-request', `${consumer.name} does not let go of item ${id} and is not to be killed`);
    });
  }

  function look(ms: number, check: () => void): void {
    truth.timeline.after(ms + SLACK_MS, check);
  }

  return {
    outcome() {
      unsettled++;
      if (unsettled > MOST_UNSETTLED + windows) fail('unsettled', `${unsettled} outcomes are not settled`);
    },
    settled(count) {
      unsettled -= count;
    },
    sent({ consumer, life, id, begun: isBegun }) {
      if (!isBegun) return;
      begins(consumer, life, id);
      count(consumer, life);
    },
    heard(consumer, life, message) {
      if (message.type === 'begun') forEachId(message.ids, (id) => begins(consumer, life, id));
      if (message.type === 'answers') answered(begun.get(life), message);
      if (message.type === 'bye') greeted(begun.get(life), consumer, []);
      if (message.type === 'hello')
        greeted(begun.get(life), consumer, message.feeder === life.name ? message.begun : []);
      count(consumer, life);
    },
    killAsked(consumer) {
      if (schedule.itemTimeoutMs === 0) fail('kill-request', `${consumer.name} is to be killed, but nothing times out`);
      if (consumer.killAsked) fail('kill-request', `${consumer.name} is to be killed twice`);
    },
  };
};

function answered(all: Map<number, Begun> | undefined, { done, failed, back }: Answers): void {
  for (const ids of [done, back]) forEachId(ids, (id) => all?.delete(id));
  for (const [id] of failed) all?.delete(id);
}

/** What it does not list as begun it will announce again. */
function greeted(all: Map<number, Begun> | undefined, consumer: ConsumerTruth, begun: IdRanges): void {
  const listed = new Set(expand(begun));
  for (const [id, each] of all ?? []) if (each.consumer === consumer && !listed.has(id)) all!.delete(id);
}

/** It learns of time late when it stood still, and reads first what has arrived. */
function wasFrozen(truth: Truth, { alive, saidBye, frozen, frozenAt }: LifeTruth): boolean {
  const { itemTimeoutMs, abortGraceMs } = truth.schedule;
  return !alive || saidBye || frozen || truth.now - frozenAt < 2 * SLACK_MS + itemTimeoutMs + abortGraceMs;
}
