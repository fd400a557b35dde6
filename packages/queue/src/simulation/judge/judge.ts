import type { ConsumerMessage } from '../../protocol/feed-message.js';
import type { ConsumerTruth, Handling, ItemTruth, LifeTruth, Outcome, Truth } from '../truth.js';
import type { HandOut, WireRules } from '../wire-watch.js';
import { deadlines } from './deadlines.js';
import { handlings } from './handlings.js';
import { nothingForgotten } from './nothing-forgotten.js';
import { outcomes } from './outcomes.js';
import type { Rule } from './rule.js';
import { sending } from './sending.js';

/** A rule that was broken. */
export interface Violation {
  readonly rule: string;
  readonly detail: string;
  readonly atMs: number;
}

/** Watches what sources, handlers and wires see; knows nothing of what the engines think. The first violation counts. */
export class Judge implements WireRules {
  violation: Violation | undefined;
  readonly #rules: readonly Rule[];

  constructor(private readonly truth: Truth) {
    const fail = (rule: string, detail: string): void => this.fail(rule, detail);
    this.#rules = [outcomes, handlings, sending, deadlines, nothingForgotten].map((make) => make(truth, fail));
  }

  /** A source has given it to its feeder. */
  claimed(item: ItemTruth, life: LifeTruth): void {
    for (const rule of this.#rules) rule.claimed?.(item, life);
    item.life = life;
    item.outcome = undefined;
  }

  /** A feeder tells its source. */
  outcome(item: ItemTruth, life: LifeTruth, outcome: Outcome): void {
    this.truth.note(() => `source: item ${item.number} ${outcome} by ${life.name}`);
    for (const rule of this.#rules) rule.outcome?.(item, life, outcome);
    item.outcome = outcome;
  }

  /** The source has taken so many outcomes. */
  settled(count: number): void {
    for (const rule of this.#rules) rule.settled?.(count);
  }

  begins(handling: Handling): void {
    const { item, consumer } = handling;
    this.truth.note(() => `${consumer.name} handles item ${item.number}`);
    for (const rule of this.#rules) rule.begins?.(handling);
    item.handlings.push(handling);
    consumer.handlings.add(handling);
  }

  ends(handling: Handling, outcome: 'done' | 'failed'): void {
    const { item, consumer } = handling;
    this.truth.note(() => `${consumer.name} has ${outcome} item ${item.number}`);
    handling.outcome = outcome;
    consumer.handlings.delete(handling);
  }

  sent(handOut: HandOut): void {
    for (const rule of this.#rules) rule.sent?.(handOut);
  }

  heard(consumer: ConsumerTruth, life: LifeTruth, message: ConsumerMessage): void {
    for (const rule of this.#rules) rule.heard?.(consumer, life, message);
  }

  refused(consumer: ConsumerTruth, life: LifeTruth, reason: string): void {
    for (const rule of this.#rules) rule.refused?.(consumer, life, reason);
  }

  killAsked(consumer: ConsumerTruth): void {
    for (const rule of this.#rules) rule.killAsked?.(consumer);
    consumer.killAsked = true;
  }

  /** It says that it has nothing begun of that incarnation of the feeder. */
  drained(consumer: ConsumerTruth, incarnation: number): void {
    this.truth.note(() => `${consumer.name} is drained of feeder ${incarnation}`);
    for (const rule of this.#rules) rule.drained?.(consumer, incarnation);
  }

  finale(): void {
    for (const rule of this.#rules) rule.finale?.();
  }

  crashed(error: unknown): void {
    this.fail('no-crash', error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  fail(rule: string, detail: string): void {
    this.truth.note(() => `VIOLATION of ${rule}: ${detail}`);
    this.violation ??= { rule, detail, atMs: this.truth.now };
  }
}
