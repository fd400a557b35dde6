import { groupsEver, type AnyGroup, type Schedule } from '../schedule.js';

/** The longest that any process may take to stop. */
export function longestStopMs(schedule: Schedule): number {
  return Math.max(...groupsEver(schedule).map(({ stopTimeout }) => (stopTimeout ?? 0) * 1000));
}

/** The longest that a whole stop may take: group after group, if each depends on the one before; of a queue group the feeder last. */
export function wholeStopMs(schedule: Schedule): number {
  const { timeout } = schedule.limits;
  const all = groupsEver(schedule);
  const oneByOne = [...longestByName(all), ...longestByName(all.filter((group) => 'consumers' in group))].reduce(
    (sum, seconds) => sum + seconds * 1000,
    0,
  );
  return timeout ? Math.min(oneByOne, timeout * 1000) : oneByOne;
}

/** Seconds. */
function longestByName(groups: readonly AnyGroup[]): number[] {
  const byName = Map.groupBy(groups, ({ name }) => name);
  return [...byName.values()].map((same) => Math.max(...same.map(({ stopTimeout }) => stopTimeout ?? 0)));
}
