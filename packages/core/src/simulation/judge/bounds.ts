import { allGroups, type Schedule } from '../schedule.js';

/** The longest that any process may take to stop. */
export function longestStopMs(schedule: Schedule): number {
  return Math.max(...allGroups(schedule).map(({ stopTimeout }) => (stopTimeout ?? 0) * 1000));
}

/** The longest that a whole stop may take: group after group, if each depends on the one before; of a queue group the feeder last. */
export function wholeStopMs({ groups, queues, limits: { timeout } }: Schedule): number {
  const oneByOne = [...groups, ...queues, ...queues].reduce(
    (sum, { stopTimeout }) => sum + (stopTimeout ?? 0) * 1000,
    0,
  );
  return timeout ? Math.min(oneByOne, timeout * 1000) : oneByOne;
}
