import type { Dice } from './dice.js';

/** What is done to the fleet from outside; times are milliseconds from the beginning. */
export type Fault =
  | { readonly type: 'kill-master' | 'kill-watchdog' | 'kill-both'; readonly at: number }
  /** In the middle of a decision: before or after it carries out its so many-th effect. */
  | { readonly type: 'kill-master-at'; readonly effect: number; readonly after: boolean; readonly at: number }
  /** Another master of the fleet is started, also when one runs. */
  | { readonly type: 'start-master'; readonly at: number }
  | { readonly type: 'freeze-master' | 'freeze-machine' | 'slow-sink'; readonly at: number; readonly ms: number }
  | { readonly type: 'stop' | 'kill'; readonly at: number }
  | ProcessFault
  | RemoteFault;

/** Done to the remote host, its agent, or the way to it; nothing when there is none. */
export type RemoteFault =
  | {
      readonly type: 'cut' | 'slow-network' | 'freeze-agent' | 'suspend-remote';
      readonly at: number;
      readonly ms: number;
    }
  | { readonly type: 'break-links' | 'kill-agent' | 'kill-agent-and-watchdog' | 'race-agents'; readonly at: number }
  /** The host's name means another machine from now on. */
  | { readonly type: 'move-host'; readonly at: number };

/** Done to one of the processes that live then. */
export type ProcessFault =
  | { readonly type: 'freeze-process'; readonly at: number; readonly victim: number; readonly ms: number }
  | { readonly type: 'kill-process'; readonly at: number; readonly victim: number }
  | { readonly type: 'terminate-process'; readonly at: number; readonly victim: number };

export function drawFaults(dice: Dice, endMs: number): Fault[] {
  const count = dice.pick([0, 1, 2, 4, 8]);
  return Array.from({ length: count }, () => dice.pick(KINDS)(dice, drawTime(dice, endMs))).flat();
}

export function drawRemoteFaults(dice: Dice, endMs: number): RemoteFault[] {
  const count = dice.pick([0, 1, 2, 4, 8]);
  return Array.from({ length: count }, () => dice.pick(REMOTE_KINDS)(dice, drawTime(dice, endMs)));
}

const REMOTE_KINDS: ((dice: Dice, at: number) => RemoteFault)[] = [
  (dice, at) => ({ type: 'cut', at, ms: dice.between(10, 15_000) }),
  (dice, at) => ({ type: 'slow-network', at, ms: dice.between(10, 8000) }),
  (dice, at) => ({ type: 'freeze-agent', at, ms: dice.between(10, 15_000) }),
  (dice, at) => ({ type: 'suspend-remote', at, ms: dice.between(10, 15_000) }),
  (_, at) => ({ type: 'break-links', at }),
  (_, at) => ({ type: 'kill-agent', at }),
  (_, at) => ({ type: 'kill-agent-and-watchdog', at }),
  (_, at) => ({ type: 'race-agents', at }),
  (_, at) => ({ type: 'move-host', at }),
];

/** Many of them early, when everything starts. */
function drawTime(dice: Dice, endMs: number): number {
  return dice.chance(0.3) ? dice.between(0, 600) : dice.between(0, endMs);
}

const KINDS: ((dice: Dice, at: number) => Fault[])[] = [
  (dice, at) => [{ type: 'kill-master', at }, ...drawRestart(dice, at)],
  (dice, at) => [{ type: 'kill-both', at }, ...drawRestart(dice, at)],
  (dice, at) => [
    { type: 'kill-watchdog', at },
    { type: 'kill-master', at: at + dice.between(0, 20) },
    ...drawRestart(dice, at),
  ],
  (dice, at) => [
    { type: 'kill-master-at', effect: dice.between(1, 40), after: dice.chance(0.5), at },
    ...drawRestart(dice, at),
  ],
  (_, at) => [{ type: 'kill-watchdog', at }],
  (_, at) => [{ type: 'start-master', at }],
  (dice, at) => [{ type: 'freeze-master', at, ms: dice.between(10, 8000) }],
  (dice, at) => [{ type: 'freeze-machine', at, ms: dice.between(10, 8000) }],
  (dice, at) => [{ type: 'slow-sink', at, ms: dice.between(10, 8000) }],
  (dice, at) => [{ type: 'freeze-process', at, victim: dice.between(0, 5), ms: dice.between(10, 8000) }],
  (dice, at) => [{ type: 'kill-process', at, victim: dice.between(0, 5) }],
  (dice, at) => [{ type: 'terminate-process', at, victim: dice.between(0, 5) }],
  (_, at) => [{ type: 'stop', at }],
  (_, at) => [{ type: 'kill', at }],
];

/** Somebody starts the fleet again: at once, soon, or when all is over. */
function drawRestart(dice: Dice, at: number): Fault[] {
  if (dice.chance(0.25)) return [];
  return [{ type: 'start-master', at: at + dice.pick([0, 1, 5, 50, 500, 3000]) }];
}

const REMOTE_TYPES: readonly string[] = [
  'cut',
  'slow-network',
  'freeze-agent',
  'suspend-remote',
  'break-links',
  'kill-agent',
  'kill-agent-and-watchdog',
  'race-agents',
  'move-host',
] satisfies RemoteFault['type'][];

export function isProcessFault(fault: Fault): fault is ProcessFault {
  return 'victim' in fault;
}

export function isRemoteFault(fault: Fault): fault is RemoteFault {
  return REMOTE_TYPES.includes(fault.type);
}
