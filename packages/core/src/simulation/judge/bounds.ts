import type { Schedule } from '../schedule.js';

/** The longest that any process may take to stop. */
export function longestStopMs({ groups }: Schedule): number {
  return Math.max(...groups.map(({ stopTimeout }) => (stopTimeout ?? 0) * 1000));
}

/** The longest that a whole stop may take: group after group, if each depends on the one before. */
export function wholeStopMs({ groups, limits: { timeout } }: Schedule): number {
  const oneByOne = groups.reduce((sum, { stopTimeout }) => sum + (stopTimeout ?? 0) * 1000, 0);
  return timeout ? Math.min(oneByOne, timeout * 1000) : oneByOne;
}
