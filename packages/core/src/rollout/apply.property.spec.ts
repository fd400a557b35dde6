import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planChanges } from '../plan/plan-changes.js';
import type { AnyGroupOptions } from '../plan/group-shape.js';
import { Attempt, startFleet, told } from './change-runner.spec.helper.js';

const times = { startTimeout: 10, stopTimeout: 5 };

const plain = fc.record({
  command: fc.constantFrom('one', 'two'),
  reload: fc.constantFrom({ batch: 1 }, { batch: 2 }),
  local: fc.record({ instancesCount: fc.integer({ min: 1, max: 3 }) }),
});
const queue = fc.record({
  command: fc.constantFrom('one', 'two'),
  consumers: fc.record({ local: fc.record({ instancesCount: fc.integer({ min: 1, max: 3 }) }) }),
});
const fleets: fc.Arbitrary<AnyGroupOptions[]> = fc
  .tuple(fc.subarray(['A', 'B', 'C']), fc.tuple(fc.oneof(plain, queue), plain, plain), fc.nat())
  .map(([names, groups, choice]) =>
    names.map((name, index) => {
      const dependsOn = index > 0 && choice % 2 === 0 ? [names[index - 1]!] : [];
      return { ...groups[index]!, ...times, name, dependsOn };
    }),
  );

/** What happens to processes that start: mostly they come up. */
const fates = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.constant('ready') },
    { weight: 1, arbitrary: fc.constantFrom('failed', 'late', 'stopped') },
  ),
  { minLength: 1, maxLength: 40 },
);

/** Whether processes that are to stop do so in time. */
const ends = fc.array(
  fc.oneof({ weight: 12, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  { minLength: 1, maxLength: 20 },
);

function differences(one: readonly AnyGroupOptions[], other: readonly AnyGroupOptions[]): unknown {
  return planChanges({ groups: one }, { groups: other }).steps;
}

it('makes the fleet what the configuration says, or leaves it as it was; no shard runs twice', async () => {
  await fc.assert(
    fc.asyncProperty(fleets, fleets, fates, ends, async (before, after, fate, end) => {
      const { fleet, runner } = startFleet(...before);
      const change = new Attempt(runner.apply(after));
      const late = new Set<number>();
      const stuck = new Set<number>();
      let [next, nextEnd, rounds] = [0, 0, 0];
      for (; change.isPending && rounds < 1000; rounds++) {
        for (const { spec, state } of [...fleet.records.values()]) {
          if (state === 'stopping' && !stuck.has(spec.id)) {
            if (end[nextEnd++ % end.length]!) fleet.exit(spec.id);
            else stuck.add(spec.id);
          }
          if (state !== 'starting' || late.has(spec.id)) continue;
          const what = fate[next++ % fate.length]!;
          if (what === 'ready') fleet.ready(spec.id);
          else if (what === 'late') late.add(spec.id);
          else fleet.exit(spec.id, what as 'failed' | 'stopped');
          const plainOnes = [...fleet.records.values()].filter((record) => record.spec.queue === undefined);
          const shards = plainOnes.map((record) => `${record.spec.config.name}/${record.spec.groupId}`);
          expect(new Set(shards).size).toBe(shards.length);
        }
        await told();
        if (late.size + stuck.size > 0) fleet.clock.advance(5000);
      }
      // What was waited for in vain ends after all.
      for (const id of stuck) fleet.exit(id);
      await told();
      expect(change.error).toBeUndefined();
      const { completed, rolledBack, reason } = change.result!;
      // What was put back may break down as well, and is told.
      expect([completed, rolledBack, reason?.includes('; ')]).not.toEqual([false, false, false]);
      expect(differences(fleet.groups, completed ? after : before)).toEqual([]);
      const retiring = [...fleet.retired].filter((id) => fleet.records.has(id));
      const needed = fleet.groups.flatMap(({ name }) => fleet.idsOf(name));
      expect(needed.filter((id) => retiring.includes(id))).toEqual([]);
      expect(fleet.clock.waiting).toBe(0);
    }),
    { numRuns: 200 },
  );
});
