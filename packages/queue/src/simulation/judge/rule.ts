import type { ConsumerMessage } from '../../protocol/feed-message.js';
import type { HandOut } from '../wire-watch.js';
import type { ConsumerTruth, Handling, ItemTruth, LifeTruth, Outcome, Truth } from '../truth.js';

/** What a rule wants to know; see the methods of the judge. */
export interface Rule {
  claimed?(item: ItemTruth, life: LifeTruth): void;
  outcome?(item: ItemTruth, life: LifeTruth, outcome: Outcome): void;
  settled?(count: number): void;
  begins?(handling: Handling): void;
  sent?(handOut: HandOut): void;
  heard?(consumer: ConsumerTruth, life: LifeTruth, message: ConsumerMessage): void;
  refused?(consumer: ConsumerTruth, life: LifeTruth, reason: string): void;
  killAsked?(consumer: ConsumerTruth): void;
  drained?(consumer: ConsumerTruth, incarnation: number): void;
  finale?(): void;
}

export type Fail = (rule: string, detail: string) => void;
export type RuleMaker = (truth: Truth, fail: Fail) => Rule;

export function named(item: ItemTruth): string {
  return `item ${item.number}`;
}
