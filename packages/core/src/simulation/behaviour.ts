import type { GroupConfig } from '../config/group-config.js';
import type { Dice } from './dice.js';

/** How one incarnation behaves. Times are milliseconds; Infinity: never. */
export interface Behaviour {
  readonly spawn: 'ok' | 'fails' | 'throws';
  /** From the fork to the entry in the journal. */
  readonly registerMs: number;
  /** From there to the execution of the program. */
  readonly execMs: number;
  readonly bootMs: number;
  /** Exit code with which it dies before it is ready, or in the moment in which it says so. */
  readonly diesAtBoot: number | undefined;
  readonly diesInReady: number | undefined;
  /** After its boot it says nothing any more, but goes on. */
  readonly silentAfterMs: number;
  readonly speakMs: number;
  /** Ends by itself so long after its boot. */
  readonly lifeMs: number;
  readonly end: End;
  /** Undefined: ignores the request to stop, the loss of its channel, SIGTERM. */
  readonly stopping: End | undefined;
  readonly orphaned: End | undefined;
  readonly terminated: End | undefined;
  /** It stops itself with SIGSTOP so long after its boot. */
  readonly freezeAfterMs: number;
  readonly freezeMs: number;
  readonly growthMbPerSecond: number;
  /** Children in its process group that do not end with it. */
  readonly helpers: number;
}

export interface End {
  readonly afterMs: number;
  readonly code: number;
  /** Says `ended` first. */
  readonly says: boolean;
  /** Dies by this signal instead. */
  readonly signal?: NodeJS.Signals;
}

const HEALTHY: Omit<Behaviour, 'registerMs' | 'execMs' | 'bootMs' | 'stopping' | 'orphaned' | 'terminated'> = {
  spawn: 'ok',
  diesAtBoot: undefined,
  diesInReady: undefined,
  silentAfterMs: Infinity,
  speakMs: Infinity,
  lifeMs: Infinity,
  end: { afterMs: 0, code: 0, says: true },
  freezeAfterMs: Infinity,
  freezeMs: Infinity,
  growthMbPerSecond: 0,
  helpers: 0,
};

/** @param trouble how likely it is that it behaves badly, from 0 to 1 */
export function drawBehaviour(dice: Dice, config: GroupConfig, trouble: number): Behaviour {
  const healthy = drawHealthy(dice, config);
  const faults = dice.chance(trouble) ? dice.between(1, 2) : 0;
  let behaviour = healthy;
  for (let count = 0; count < faults; count++) behaviour = { ...behaviour, ...drawFault(dice, config) };
  return behaviour;
}

function drawHealthy(dice: Dice, { console }: GroupConfig): Behaviour {
  const stopping = drawEnd(dice, 300);
  return {
    ...HEALTHY,
    registerMs: dice.between(0, 4),
    execMs: dice.between(0, 4),
    bootMs: dice.between(5, 400),
    speakMs: console === false || dice.chance(0.3) ? dice.between(200, 1500) : Infinity,
    stopping: console === false ? undefined : stopping,
    orphaned: console === false ? undefined : stopping,
    terminated: dice.chance(0.5) ? stopping : { afterMs: 0, code: 0, says: false, signal: 'SIGTERM' },
    lifeMs: dice.chance(0.15) ? dice.between(100, 20_000) : Infinity,
    end: { ...drawEnd(dice, 50), code: 0 },
    helpers: dice.chance(0.1) ? 1 : 0,
  };
}

function drawFault(dice: Dice, config: GroupConfig): Partial<Behaviour> {
  const fault = dice.pick(FAULTS);
  return fault(dice, config);
}

const FAULTS: ((dice: Dice, config: GroupConfig) => Partial<Behaviour>)[] = [
  (dice) => ({ spawn: dice.pick(['fails', 'throws']) }),
  (dice) => ({ registerMs: dice.between(0, 2000), execMs: dice.between(0, 2000) }),
  () => ({ bootMs: Infinity }),
  (dice) => ({ bootMs: dice.between(500, 6000) }),
  (dice) => ({ diesAtBoot: dice.pick([0, 1]) }),
  (dice) => ({ diesInReady: dice.pick([0, 1]) }),
  (dice) => ({ silentAfterMs: dice.between(0, 8000), speakMs: dice.between(100, 1000) }),
  () => ({ silentAfterMs: 0, orphaned: undefined, stopping: undefined, terminated: undefined }),
  (dice) => ({ lifeMs: dice.between(0, 3000), end: drawEnd(dice, 3000) }),
  (dice) => ({
    lifeMs: dice.between(0, 3000),
    end: { afterMs: 0, code: 0, says: false, signal: dice.pick(['SIGSEGV', 'SIGKILL']) },
  }),
  () => ({ stopping: undefined }),
  () => ({ stopping: undefined, terminated: undefined, orphaned: undefined }),
  (dice) => ({ stopping: { afterMs: dice.between(500, 4000), code: 1, says: dice.chance(0.5) } }),
  (dice) => ({ freezeAfterMs: dice.between(0, 5000), freezeMs: dice.pick([500, 3000, Infinity]) }),
  (dice) => ({ growthMbPerSecond: dice.between(5, 60) }),
  (dice) => ({ helpers: 2, lifeMs: dice.between(100, 5000), speakMs: dice.between(20, 500) }),
];

function drawEnd(dice: Dice, longestMs: number): End {
  return { afterMs: dice.between(0, longestMs), code: dice.chance(0.3) ? 1 : 0, says: dice.chance(0.7) };
}
