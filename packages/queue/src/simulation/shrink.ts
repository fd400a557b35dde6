import type { Schedule } from './schedule.js';
import { simulate } from './simulation.js';

const MOST_ATTEMPTS = 1000;

/** Takes away one thing after the other, as long as the same rule is still broken: the smallest schedule that breaks it. */
export async function shrink(schedule: Schedule, rule: string): Promise<Schedule> {
  let smallest = schedule;
  let attempts = 0;
  for (let next = smaller(smallest); next.length > 0;) {
    const candidate = next.shift()!;
    if (++attempts > MOST_ATTEMPTS) break;
    const { violation } = await simulate(candidate);
    if (violation?.rule !== rule) continue;
    smallest = candidate;
    next = smaller(smallest);
  }
  return smallest;
}

/** Schedules that have a little less of something. */
function smaller(schedule: Schedule): Schedule[] {
  const { faults, items, source, consumers, concurrency } = schedule;
  const changes: Partial<Schedule>[] = [
    ...faults.map((_, index) => ({ faults: faults.toSpliced(index, 1) })),
    ...(items.count > 1
      ? [Math.floor(items.count / 2), items.count - 1].map((count) => ({ items: { ...items, count } }))
      : []),
    ...(consumers > 1 ? [{ consumers: consumers - 1 }] : []),
    ...(concurrency > 1 ? [{ concurrency: 1 }] : []),
    { items: { ...items, large: 0, invalid: 0, atOnce: true } },
    { source: { ...source, slowMs: 0 } },
    { source: { ...source, settleMs: 0 } },
    { source: { ...source, throws: 0 } },
    { source: { ...source, adopts: false } },
    { trouble: 0 },
    { guarded: false },
    { maxIdleMs: 0 },
    { itemTimeoutMs: 0 },
    { local: true, faults: faults.filter(({ type }) => type !== 'cut') },
    { endMs: Math.ceil(schedule.endMs * 0.7) },
  ];
  const before = JSON.stringify(schedule);
  return changes.map((change) => ({ ...schedule, ...change })).filter((each) => JSON.stringify(each) !== before);
}
