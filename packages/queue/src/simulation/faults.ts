import type { Dice } from './dice.js';

/** What is done to the feed from outside; times are milliseconds from the beginning, victims are counted around. */
export type Fault = ConsumerFault | ConnectionFault | FeedFault;

export type ConsumerFault =
  { readonly type: 'kill-consumer' | 'stop-consumer'; readonly at: number; readonly victim: number } | FreezeFault;

interface FreezeFault {
  readonly type: 'freeze-consumer';
  readonly at: number;
  readonly victim: number;
  readonly ms: number;
  /** It is killed instead of going on. */
  readonly killed: boolean;
}

export type ConnectionFault = StallFault | CutFault;

/** Bytes do not leave their process, or do not arrive, for so long. */
interface StallFault {
  readonly type: 'stick' | 'stall';
  readonly at: number;
  readonly victim: number;
  /** On their way to the feeder. */
  readonly up: boolean;
  readonly ms: number;
}

/** A connection is no more: so much later its consumer is told, and its feeder; null: never. */
interface CutFault {
  readonly type: 'cut';
  readonly at: number;
  readonly victim: number;
  readonly nearMs: number | null;
  readonly farMs: number | null;
}

type FeedFault =
  | { readonly type: 'kill-feeder' | 'stop-feeder'; readonly at: number }
  | { readonly type: 'freeze-feeder' | 'slow-network' | 'unreachable'; readonly at: number; readonly ms: number }
  | { readonly type: 'let-go'; readonly at: number; readonly count: number }
  | { readonly type: 'stranger'; readonly at: number; readonly kind: StrangerKind };

export const STRANGERS = ['garbage', 'silent', 'half-hello', 'wrong-key', 'old-incarnation', 'giant'] as const;
export type StrangerKind = (typeof STRANGERS)[number];

export function drawFaults(dice: Dice, { endMs, local }: { endMs: number; local: boolean }): Fault[] {
  const count = dice.pick([0, 1, 2, 4, 8, 12]);
  const kinds = local ? KINDS : [...KINDS, ...CUTS];
  return Array.from({ length: count }, () => dice.pick(kinds)(dice, drawTime(dice, endMs)));
}

/** Many of them early, when everything starts and work is in flight. */
function drawTime(dice: Dice, endMs: number): number {
  return dice.chance(0.4) ? dice.between(0, 400) + dice.random() : dice.between(0, endMs);
}

type Draw = (dice: Dice, at: number) => Fault;

const victim = (dice: Dice): number => dice.between(0, 5);

const KINDS: Draw[] = [
  (dice, at) => ({ type: 'kill-consumer', at, victim: victim(dice) }),
  (dice, at) => ({ type: 'kill-consumer', at, victim: victim(dice) }),
  (dice, at) => ({ type: 'stop-consumer', at, victim: victim(dice) }),
  (dice, at) => ({
    type: 'freeze-consumer',
    at,
    victim: victim(dice),
    ms: dice.pick([5, 300, 3000, 15_000, 80_000]),
    killed: dice.chance(0.4),
  }),
  (_, at) => ({ type: 'kill-feeder', at }),
  (_, at) => ({ type: 'stop-feeder', at }),
  (dice, at) => ({ type: 'freeze-feeder', at, ms: dice.pick([5, 300, 3000, 15_000]) }),
  (dice, at) => ({ type: 'slow-network', at, ms: dice.pick([50, 1000, 5000]) }),
  (dice, at) => ({ type: 'stick', at, victim: victim(dice), up: dice.chance(0.7), ms: dice.pick([1, 20, 500, 4000]) }),
  (dice, at) => ({ type: 'stall', at, victim: victim(dice), up: dice.chance(0.6), ms: dice.pick([1, 20, 500, 7000]) }),
  (dice, at) => ({ type: 'let-go', at, count: dice.between(1, 2) }),
  (dice, at) => ({ type: 'stranger', at, kind: dice.pick(STRANGERS) }),
];

const CUTS: Draw[] = [
  (dice, at) => ({ type: 'cut', at, victim: victim(dice), nearMs: dice.between(0, 5), farMs: dice.between(0, 5) }),
  (dice, at) => ({
    type: 'cut',
    at,
    victim: victim(dice),
    nearMs: dice.pick([null, 0, 400, 12_000]),
    farMs: dice.pick([null, 0, 400, 12_000]),
  }),
  (dice, at) => ({ type: 'unreachable', at, ms: dice.pick([20, 500, 4000]) }),
];
