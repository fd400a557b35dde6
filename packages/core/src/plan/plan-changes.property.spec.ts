import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { GroupOptions } from '../config/group-config.js';
import type { LocalConsumersOptions, QueueGroupOptions } from '../config/queue-group-options.js';
import type { FleetPlan } from './fleet-plan.js';
import { shapeOf, type AnyGroupOptions, type GroupShape, type Site } from './group-shape.js';
import { planChanges } from './plan-changes.js';

const NAMES = ['A', 'B', 'C', 'D'];

const shared = {
  command: fc.constantFrom('one', 'two'),
  timeout: fc.option(fc.constantFrom(0, 30, 60), { nil: undefined }),
  params: fc.option(fc.dictionary(fc.constantFrom('p', 'q'), fc.jsonValue(), { maxKeys: 2 }), { nil: undefined }),
  env: fc.option(fc.dictionary(fc.constantFrom('E', 'F'), fc.constantFrom('1', '2')), { nil: undefined }),
  reload: fc.option(fc.record({ batch: fc.constantFrom(1, 2) }), { nil: undefined }),
};
const hosts = fc.uniqueArray(fc.constantFrom('x', 'y', 'deploy@z:2222'), { minLength: 1, maxLength: 3 });
const count = fc.integer({ min: 1, max: 3 });

const plain: fc.Arbitrary<Omit<GroupOptions, 'name'>> = fc.record({
  ...shared,
  local: fc.option(fc.record({ instancesCount: count, priority: fc.constantFrom(0, 5) }), { nil: undefined }),
  remote: fc.array(fc.record({ hosts, instancesCount: count, lease: fc.constantFrom(30, 60) }), { maxLength: 2 }),
});
const consumers: fc.Arbitrary<LocalConsumersOptions> = fc.oneof(
  fc.record({ instancesCount: count }),
  fc.record({ minInstances: fc.constantFrom(0, 1), maxInstances: count, maxIdleTime: fc.constantFrom(0, 5) }),
);
const queue: fc.Arbitrary<Omit<QueueGroupOptions, 'name'>> = fc.record({
  ...shared,
  concurrency: fc.constantFrom(1, 2),
  localFeeder: fc.record({ port: fc.constantFrom(9998, 9999) }),
  consumers: fc.record({
    local: consumers,
    remote: fc.array(
      fc.tuple(consumers, hosts).map(([block, names]) => ({ ...block, hosts: names })),
      { maxLength: 1 },
    ),
  }),
});

/** Some of the names; each depends at most on those before it. */
const fleet: fc.Arbitrary<AnyGroupOptions[]> = fc
  .tuple(
    fc.subarray(NAMES),
    fc.array(fc.oneof(plain, queue), { minLength: 4, maxLength: 4 }),
    fc.infiniteStream(fc.boolean()),
  )
  .map(([names, groups, choices]) =>
    names.map((name, index) => {
      const dependsOn = names.slice(0, index).filter(() => choices.next().value);
      return { ...groups[index]!, name, dependsOn } as AnyGroupOptions;
    }),
  );

type Model = ReadonlyMap<string, GroupShape>;

function modelOf(groups: readonly AnyGroupOptions[]): Model {
  return new Map(groups.map((group) => [group.name, shapeOf(group)]));
}

/** What becomes of a fleet when no more is done than the plan says. */
function carryOut(model: Model, { steps }: FleetPlan, after: readonly AnyGroupOptions[]): Model {
  const next = modelOf(after);
  const result = new Map(model);
  for (const { action, group } of steps) {
    const [old, wanted] = [result.get(group), next.get(group)];
    if (action === 'stop') result.delete(group);
    else if (action === 'start' || action === 'restart') result.set(group, wanted!);
    else if (action === 'scale') result.set(group, { ...resized(old!, wanted!), reload: wanted!.reload });
    else result.set(group, { ...old!, reload: wanted!.reload });
  }
  return result;
}

function resized(old: GroupShape, wanted: GroupShape): GroupShape {
  const others = sorted(wanted.sites);
  return {
    ...old,
    sites: sorted(old.sites).map((site, index) => ({
      ...site,
      count: others[index]!.count,
      least: others[index]!.least,
    })),
  };
}

function sorted(sites: readonly Site[]): Site[] {
  const key = ({ host, settings }: Site): string => JSON.stringify([host, settings]);
  return sites.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

function comparable(model: Model): unknown {
  const groups = [...model].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return groups.map(([name, shape]) => [name, { ...shape, sites: sorted(shape.sites) }]);
}

it('does nothing when nothing differs', () => {
  fc.assert(
    fc.property(fleet, (groups) => {
      expect(planChanges({ groups }, { groups: structuredClone(groups) }).steps).toEqual([]);
    }),
  );
});

it('makes one fleet the other, and back', () => {
  fc.assert(
    fc.property(fleet, fleet, (before, after) => {
      const there = carryOut(modelOf(before), planChanges({ groups: before }, { groups: after }), after);
      expect(comparable(there)).toEqual(comparable(modelOf(after)));
      const back = carryOut(there, planChanges({ groups: after }, { groups: before }), before);
      expect(comparable(back)).toEqual(comparable(modelOf(before)));
    }),
    { numRuns: 500 },
  );
});

it('has one step at most for each group, stops before it starts, and starts what others depend on before them', () => {
  fc.assert(
    fc.property(fleet, fleet, (before, after) => {
      const { steps } = planChanges({ groups: before }, { groups: after });
      const order = steps.map(({ group }) => group);
      expect(new Set(order).size).toBe(order.length);
      const started = steps
        .filter(({ action }) => action === 'start' || action === 'restart')
        .map(({ group }) => group);
      expectOrder(started, after, (other, own) => other < own);
      const stopped = steps.filter(({ action }) => action === 'stop').map(({ group }) => group);
      expectOrder(stopped, before, (other, own) => other > own);
      expect(steps.findLastIndex(({ action }) => action === 'stop')).toBe(stopped.length - 1);
    }),
  );
});

function expectOrder(
  names: readonly string[],
  groups: readonly AnyGroupOptions[],
  holds: (other: number, own: number) => boolean,
): void {
  const pairs = groups.flatMap(({ name, dependsOn = [] }) => dependsOn.map((other) => [other, name] as const));
  const wrong = pairs
    .filter((pair) => pair.every((name) => names.includes(name)))
    .filter(([other, name]) => !holds(names.indexOf(other), names.indexOf(name)));
  expect(wrong).toEqual([]);
}
