import { Dice } from './dice.js';
import { drawFaults, type Fault } from './faults.js';

/** What one seed stands for. Times are milliseconds. */
export interface Schedule {
  readonly seed: number;
  /** Unix sockets; else TCP: connections are cut, and what is on its way may be lost. */
  readonly local: boolean;
  /** Most that bytes need. */
  readonly latencyMs: number;
  /** Consumers have to prove who they are, also over unix sockets. */
  readonly keyed: boolean;
  readonly consumers: number;
  readonly concurrency: number;
  readonly window: number | 'auto';
  readonly itemTimeoutMs: number;
  readonly abortGraceMs: number;
  readonly maxIdleMs: number;
  readonly items: ItemPlan;
  readonly source: SourcePlan;
  /** How likely a handler takes long, throws or hangs, from 0 to 1. */
  readonly trouble: number;
  /** Consumers ask before they begin, and are refused now and then. */
  readonly guarded: boolean;
  readonly faults: readonly Fault[];
  /** How it ends at `endMs`: the source ends, or all is asked to stop. */
  readonly end: 'source' | 'stop';
  readonly endMs: number;
  readonly sabotage?: Sabotage;
}

export interface ItemPlan {
  readonly count: number;
  /** Bytes of a large item, about; 0: all are small. */
  readonly large: number;
  /** All are there at once; else they come over time. */
  readonly atOnce: boolean;
  /** Share of those that cannot be sent. */
  readonly invalid: number;
}

export interface SourcePlan {
  /** It is a store, whose next feeder goes on with what consumers hold. */
  readonly adopts: boolean;
  /** Its calls take up to so long, those with outcomes `settleMs`; 0: they are not async. */
  readonly slowMs: number;
  readonly settleMs: number;
  /** How likely a call throws. */
  readonly throws: number;
}

/**
 * What is taken away to see whether the judge notices; done in what the engines are given:
 *
 * - `answers-first`: handlers are answered for before they have ended
 * - `give-back-off`: what is given back never arrives
 * - `hello-empty`: hellos list nothing
 * - `begun-late`: items are announced after they were begun
 * - `last-outcome-wins`: a late answer is recorded too
 * - `lost-early`: the connection of a dead consumer is not read to its end
 * - `confirm-early`: a store says that it has taken outcomes before it has
 * - `wake-ups-lost`: one of a hundred timers never rings
 * - `items-lost`: one of a hundred frames of items never arrives
 * - `kill-requests-lost`: what the feeder wants killed is not
 * - `window-off`: the feeder believes in a larger window
 */
export const SABOTAGES = [
  'answers-first',
  'give-back-off',
  'hello-empty',
  'begun-late',
  'last-outcome-wins',
  'lost-early',
  'confirm-early',
  'wake-ups-lost',
  'items-lost',
  'kill-requests-lost',
  'window-off',
] as const;
export type Sabotage = (typeof SABOTAGES)[number];

/** Bytes. */
export function maxItemSize({ items }: Schedule): number {
  return items.large > 0 ? 600_000 : 10_000;
}

const RARE = 0.004;

export function drawSchedule(seed: number, sabotage?: Sabotage): Schedule {
  const dice = new Dice(seed);
  const local = dice.chance(0.4);
  const endMs = dice.pick([200, 500, 2000, 10_000]);
  const itemTimeoutMs = dice.pick([0, 0, 300, 1000, 5000]);
  return {
    seed,
    local,
    latencyMs: local ? 1 : dice.pick([0.2, 2, 30]),
    keyed: dice.chance(0.2),
    consumers: dice.between(1, 4),
    concurrency: dice.pick([1, 1, 2, 5]),
    window: dice.pick(['auto', 'auto', 1, 3, 20] as const),
    itemTimeoutMs,
    abortGraceMs: dice.pick([0, 200, 1000]),
    maxIdleMs: dice.pick([0, 0, 500]),
    items: drawItems(dice),
    source: {
      adopts: dice.chance(0.4),
      slowMs: dice.pick([0, 0, 5, 200, 2000]),
      settleMs: dice.pick([0, 0, 5, 200, 2000]),
      throws: dice.pick([0, 0, 0, 0.05, 0.3]),
    },
    trouble: dice.pick([0, 0.02, 0.1, 0.3]),
    guarded: dice.chance(0.2),
    faults: drawFaults(dice, { endMs, local }),
    end: dice.pick(['source', 'source', 'stop'] as const),
    endMs,
    sabotage,
  };
}

function drawItems(dice: Dice): ItemPlan {
  const large = dice.chance(RARE) ? dice.pick([100_000, 400_000]) : 0;
  return {
    count: large > 0 ? 8 : dice.pick([0, 1, 5, 12, 30, 60]),
    large,
    atOnce: dice.chance(0.5),
    invalid: dice.pick([0, 0, 0, 0.1]),
  };
}
