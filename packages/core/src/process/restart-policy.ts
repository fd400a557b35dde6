import type { GroupConfig } from '../config/group-config.js';

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 30_000;
const JITTER = 0.2;
const MOST_DOUBLINGS = 30;

/** Whether the policy asks for another start after an end that was not ours. */
export function wantsRestart(config: GroupConfig, succeeded: boolean): boolean {
  return config.restart === 'always' || (config.restart === 'on-failure' && !succeeded);
}

/** The restarts that count at `now`: those within the window. */
export function recentRestarts(restarts: readonly number[], config: GroupConfig, now: number): number[] {
  return restarts.filter((at) => now - at < config.restartWindow * 1000);
}

/**
 * The wait before the next restart: none the first time, then 100 ms doubling to 30 s; from `restart_delay` where it
 * is given. +-20 %, so that processes that died together do not come back together.
 *
 * @param recent restarts within the window so far
 * @param random a number from 0 to 1
 */
export function restartDelayMs(recent: number, config: GroupConfig, random: number): number {
  const given = config.restartDelay;
  const base = given === undefined ? defaultDelayMs(recent) : given * 1000 * doublings(recent);
  const longest = Math.max(LONGEST_DELAY_MS, (given ?? 0) * 1000);
  return Math.min(base, longest) * (1 + JITTER * (2 * random - 1));
}

/** Bounded, so that no delay of 0 meets infinity. */
function doublings(times: number): number {
  return 2 ** Math.min(times, MOST_DOUBLINGS);
}

function defaultDelayMs(recent: number): number {
  return recent === 0 ? 0 : FIRST_DELAY_MS * doublings(recent - 1);
}
