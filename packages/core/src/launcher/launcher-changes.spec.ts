import { describe, expect, it } from 'vitest';
import type { GroupOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import { placeProcesses, withId } from '../placement/place-processes.js';
import type { ProcessSpec } from '../process/process-spec.js';
import { group } from '../testing/process-specs.js';
import { PlainFleet } from './fleet.spec.helper.js';
import { exitCodeOf } from './launcher-state.js';
import { consumerGone, deeds, NO_DEMAND, onDemand, QueueFleet, queueGroup } from './queue-fleet.spec.helper.js';

const PAIR = group({ name: 'Pair', local: { instancesCount: 2 } });
const OTHER = group({ name: 'Other' });

function specs(firstId: number, ...groups: (GroupOptions | QueueGroupOptions)[]): readonly ProcessSpec[] {
  return placeProcesses(groups, { firstId }).specs;
}

const retire = (ids: number[], force = false) => ({ type: 'retire', ids, force }) as const;

/** Nothing is left of these processes. */
function expectForgotten({ state }: PlainFleet | QueueFleet, ids: readonly number[], name?: string): void {
  const queues = [...state.queues.values()].flatMap(({ consumers, pools, wanted, extra, owing, successors }) => [
    ...[...consumers, ...wanted, ...extra, ...owing, ...successors.keys(), ...successors.values()],
    ...pools.flatMap((pool) => pool.ids),
  ]);
  const groups = [...state.groups.values()].flatMap((each) => [...each.ids]);
  const sets = [state.local, state.pending, state.touched, state.retiring, state.leaving, state.toStart, state.added];
  const maps = [state.processes, state.booting, state.cleared];
  const left = [
    ...queues,
    ...groups,
    ...sets.flatMap((each) => [...each]),
    ...maps.flatMap((each) => [...each.keys()]),
  ];
  expect(left.filter((id) => ids.includes(id))).toEqual([]);
  if (name === undefined) return;
  const names = [state.groups, state.tallies.groups, state.queues].flatMap((each) => [...each.keys()]);
  const marked = [state.waiting, state.toStop, state.suspended, state.retired, state.toRetire, state.absent];
  const marks = [...marked.flatMap((each) => [...each]), ...state.returning.keys()];
  expect([...names, ...marks, ...[...state.groups.values()].flatMap((each) => each.dependents)]).not.toContain(name);
}

describe('add', () => {
  it('lets what waits for a group that is replaced wait for the new one', () => {
    const fleet = new PlainFleet([OTHER, group({ name: 'Work', dependsOn: ['Other'] })]);
    fleet.apply({ type: 'run' });
    fleet.apply({ type: 'change', begins: true });
    fleet.apply(retire([1]));
    expect(fleet.exit(1)).toEqual(['process_stopped 1', 'master_started', 'forget 1']);
    fleet.apply({ type: 'add', specs: specs(3, OTHER) });
    expect(fleet.boot(3)).toEqual(['process_started 3', 'spawn 2']);
  });

  it('lets nothing fail that waits for a group which has failed and is replaced', () => {
    const fleet = PlainFleet.running([queueGroup({ restart: 'never' })]);
    fleet.exit(1, 1);
    fleet.apply({ type: 'change', begins: true });
    fleet.apply(retire([1, 2, 3]));
    fleet.apply({ type: 'add', specs: specs(4, group({ name: 'Work', dependsOn: ['Queue'] })) });
    expect(fleet.stateOf(4)).toBe('waiting');
  });

  it('starts what is added as at the start of a run', () => {
    const fleet = PlainFleet.running([OTHER], { bootSlots: 1 });
    expect(fleet.apply({ type: 'add', specs: specs(2, PAIR) })).toEqual(['added 2,3', 'spawn 2']);
    expect(fleet.boot(2)).toEqual(['process_started 2', 'spawn 3']);
    expect([...fleet.state.groups.keys()]).toEqual(['Other', 'Pair']);
  });

  it('after what it depends on', () => {
    const fleet = new PlainFleet([OTHER]);
    fleet.apply({ type: 'run' });
    expect(fleet.apply({ type: 'add', specs: specs(2, { ...PAIR, dependsOn: ['Other'] }) })).toEqual(['added 2,3']);
    expect(fleet.states).toBe('starting,waiting,waiting');
    expect(fleet.boot(1)).toEqual(['process_started 1', 'master_started', 'spawn 2', 'spawn 3']);
    expect(fleet.apply({ type: 'stop' })).toEqual(['ask-to-stop 2', 'ask-to-stop 3']);
  });

  it('in a stop, or when all is over, adds nothing', () => {
    const fleet = PlainFleet.running([OTHER]);
    const successor = { type: 'successor', of: 1, spec: specs(4, OTHER)[0]! } as const;
    fleet.apply({ type: 'stop' });
    expect([fleet.apply({ type: 'add', specs: specs(2, PAIR) }), fleet.apply(successor)]).toEqual([[], []]);
    expect(fleet.exit(1)).toEqual(['process_stopped 1', 'finish 0']);
    expect([fleet.apply({ type: 'add', specs: specs(2, PAIR) }), fleet.apply(successor)]).toEqual([[], []]);
    expect(fleet.states).toBe('stopped');
  });

  it('at an agent starts nothing', () => {
    const fleet = new PlainFleet([OTHER], {}, { mode: 'agent' });
    fleet.apply({ type: 'run' });
    expect(fleet.apply({ type: 'add', specs: specs(2, PAIR) })).toEqual(['added 2,3']);
    expect(fleet.apply({ type: 'start', id: 2 })).toEqual(['spawn 2']);
  });

  it('of a queue group starts its feeder and the least of its consumers', () => {
    const fleet = PlainFleet.running([OTHER]);
    const added = specs(2, onDemand({ minInstances: 1, maxInstances: 3 }));
    expect(fleet.apply({ type: 'add', specs: added })).toEqual(['added 2,3,4,5', 'spawn 2', 'spawn 3']);
    fleet.bootAll();
    fleet.apply({ type: 'queue', id: 2, message: { ...NO_DEMAND, waiting: 9, clearMs: 1e6 } });
    expect(fleet.stateOf(4)).toBe('starting');
  });

  it('of consumers to a queue group that is there: they start, on demand they are slots', () => {
    const fixed = QueueFleet.running(queueGroup());
    const more = specs(1, queueGroup({ consumers: { local: { instancesCount: 3 } } }))[3]!;
    expect(deeds(fixed.apply({ type: 'add', specs: [withId(more, 9)] }))).toEqual(['spawn 9']);
    const fleet = QueueFleet.running(onDemand({ minInstances: 1, maxInstances: 1 }));
    const slot = specs(1, onDemand({ minInstances: 1, maxInstances: 2 }))[2]!;
    expect(deeds(fleet.apply({ type: 'add', specs: [withId(slot, 9)] }))).toEqual([]);
    expect([...fleet.state.queues.values()][0]?.pools.map(({ ids }) => ids)).toEqual([[2, 9]]);
    expect(deeds(fleet.demand({ waiting: 9, clearMs: 1e6 }))).toEqual(['spawn 9']);
  });
});

describe('what is added', () => {
  it('starts at once in the boot slot of one that has booted, though nothing else happens', () => {
    const fleet = PlainFleet.running([OTHER], { bootSlots: 1 });
    fleet.state.toStart.push(...specs(2, PAIR).map(({ id }) => id));
    expect(fleet.state.booting.size).toBe(1);
    expect(fleet.deadline).toBeLessThanOrEqual(fleet.now);
  });
});

describe('retire', () => {
  it('stops processes and forgets them when they are over', () => {
    const fleet = PlainFleet.running([{ ...PAIR, restart: 'always' }, OTHER]);
    expect(fleet.apply(retire([1]))).toEqual(['ask-to-stop 1']);
    expect(fleet.exit(1, 1)).toEqual(['process_stopped 1', 'forget 1']);
    expectForgotten(fleet, [1]);
    expect(fleet.states).toBe('running,running');
    expect(exitCodeOf(fleet.state)).toBe(0);
  });

  it('by force kills them, also when they were asked before', () => {
    const fleet = PlainFleet.running([PAIR, OTHER]);
    fleet.apply(retire([1]));
    expect(fleet.apply(retire([1, 2], true)).filter((each) => each.startsWith('kill'))).toEqual(['kill 1', 'kill 2']);
    fleet.exit(1, null);
    fleet.exit(2, null);
    expectForgotten(fleet, [1, 2], 'Pair');
  });

  it('of what was not started, is suspended, or over, is done at once', () => {
    const fleet = PlainFleet.running([PAIR, OTHER, group({ name: 'Third' })], { bootSlots: 1 });
    fleet.bootAll();
    fleet.apply({ type: 'suspend', groups: ['Other'], force: true });
    fleet.exit(3, null);
    fleet.exit(1);
    expect(fleet.states).toBe('stopped,running,suspended,running');
    expect(fleet.apply(retire([1, 3]))).toEqual(['forget 1', 'forget 3']);
    expectForgotten(fleet, [3], 'Other');
    const early = new PlainFleet([PAIR, OTHER], { bootSlots: 1 });
    early.apply({ type: 'run' });
    early.apply(retire([2, 3]));
    expectForgotten(early, [3], 'Other');
    expect(early.boot(1)).toEqual(['process_started 1', 'master_started']);
  });

  it('of what has failed keeps the exit code', () => {
    const fleet = PlainFleet.running([PAIR]);
    fleet.exit(1, 1);
    fleet.apply(retire([1]));
    expect(fleet.exit(2)).toEqual(['process_stopped 2', 'finish 1']);
  });

  it('of what was added by the same change, and has failed, leaves the exit code as it was', () => {
    const fleet = PlainFleet.running([OTHER]);
    fleet.apply({ type: 'change', begins: true });
    fleet.apply({ type: 'add', specs: specs(2, PAIR) });
    for (const id of [2, 3]) fleet.exit(id, 1);
    expect(exitCodeOf(fleet.state)).toBe(1);
    fleet.apply(retire([2, 3]));
    expectForgotten(fleet, [2, 3]);
    fleet.apply({ type: 'change', begins: false });
    fleet.apply({ type: 'stop' });
    expect(fleet.exit(1)).toEqual(['process_stopped 1', 'finish 0']);
  });

  it('of what was added by the same change leaves it also when that is over before they are', () => {
    const fleet = PlainFleet.running([OTHER]);
    fleet.apply({ type: 'change', begins: true });
    fleet.apply({ type: 'add', specs: specs(2, queueGroup({ restart: 'never' })) });
    fleet.bootAll();
    fleet.exit(2, 1);
    fleet.apply(retire([2, 3, 4]));
    fleet.apply({ type: 'change', begins: false });
    expect([fleet.stateOf(2), fleet.stateOf(3)]).toEqual(['failed', 'stopping']);
    for (const id of [3, 4]) fleet.exit(id);
    expectForgotten(fleet, [2, 3, 4], 'Queue');
    expect(exitCodeOf(fleet.state)).toBe(0);
  });

  it('of what was added by a change before, and has failed, keeps the exit code', () => {
    const fleet = PlainFleet.running([OTHER]);
    fleet.apply({ type: 'change', begins: true });
    fleet.apply({ type: 'add', specs: specs(2, PAIR) });
    fleet.apply({ type: 'change', begins: false });
    fleet.exit(2, 1);
    fleet.apply({ type: 'change', begins: true });
    fleet.apply(retire([2]));
    expect(exitCodeOf(fleet.state)).toBe(1);
  });

  it('of all ends the launcher, but not while a change is under way', () => {
    const fleet = PlainFleet.running([PAIR]);
    fleet.apply({ type: 'change', begins: true });
    fleet.apply(retire([1, 2]));
    fleet.exit(1);
    expect(fleet.exit(2)).toEqual(['process_stopped 2', 'forget 2']);
    expect(fleet.apply({ type: 'change', begins: false })).toEqual(['finish 0']);
  });

  it('asks groups before those that they depend on, where both are retired', () => {
    const groups = [OTHER, { ...PAIR, dependsOn: ['Other'] }];
    const fleet = PlainFleet.running(groups);
    expect(fleet.apply(retire([1, 2, 3]))).toEqual(['ask-to-stop 2', 'ask-to-stop 3']);
    fleet.exit(2);
    expect(fleet.exit(3)).toEqual(['process_stopped 3', 'forget 3', 'ask-to-stop 1']);
    const alone = PlainFleet.running(groups);
    expect(alone.apply(retire([1]))).toEqual(['ask-to-stop 1']);
  });

  it('and added again, a group has its place in the order', () => {
    const fleet = PlainFleet.running([OTHER, { ...PAIR, dependsOn: ['Other'] }]);
    fleet.apply(retire([1]));
    fleet.exit(1);
    expect(fleet.apply({ type: 'add', specs: specs(4, OTHER) })).toEqual(['added 4', 'spawn 4']);
    fleet.boot(4);
    expect(fleet.apply({ type: 'stop' })).toEqual(['ask-to-stop 2', 'ask-to-stop 3']);
  });

  it('in the middle of a stop is stopped in the order of the stop', () => {
    const fleet = PlainFleet.running([OTHER, { ...PAIR, dependsOn: ['Other'] }]);
    fleet.apply({ type: 'stop' });
    fleet.apply(retire([1, 2, 3]));
    fleet.exit(2);
    expect(fleet.exit(3)).toContain('ask-to-stop 1');
    expect(fleet.exit(1)).toEqual(['process_stopped 1', 'forget 1', 'finish 0']);
  });

  it('at an agent asks at once and forgets', () => {
    const fleet = new PlainFleet([OTHER, { ...PAIR, dependsOn: ['Other'] }], {}, { mode: 'agent' });
    fleet.apply({ type: 'run' });
    fleet.apply({ type: 'start', id: 1 });
    fleet.boot(1);
    expect(fleet.apply(retire([1, 2, 3]))).toEqual(['ask-to-stop 1', 'forget 2', 'forget 3']);
    expect(fleet.exit(1)).toEqual(['process_stopped 1', 'forget 1']);
  });
});

describe('retire of a queue group', () => {
  it('whole, stops the consumers, then the feeder', () => {
    const fleet = QueueFleet.running(queueGroup());
    expect(deeds(fleet.apply(retire([1, 2, 3])))).toEqual(['ask-to-stop 2', 'ask-to-stop 3']);
    expect(fleet.exit(2)).toContain('forget 2');
    expect(deeds(fleet.exit(3))).toEqual([consumerGone(3, 1), 'ask-to-stop 1']);
    expect(fleet.exit(1)).toEqual(expect.arrayContaining(['process_stopped 1', 'forget 1', 'finish 0']));
    expectForgotten(fleet, [1, 2, 3], 'Queue');
  });

  it('in which the feeder dies first waits for the consumers', () => {
    const fleet = QueueFleet.running(queueGroup());
    fleet.apply(retire([1, 2, 3]));
    fleet.die(1);
    fleet.exit(2);
    expect(fleet.exit(3).slice(-3)).toEqual(['forget 3', 'forget 1', 'finish 0']);
  });

  it('a feeder takes its consumers with it', () => {
    const fleet = QueueFleet.running(queueGroup());
    expect(deeds(fleet.apply(retire([1])))).toEqual(['ask-to-stop 2', 'ask-to-stop 3']);
  });

  it('while it is suspended forgets all at once', () => {
    const fleet = QueueFleet.running(queueGroup());
    fleet.apply({ type: 'suspend', groups: ['Queue'], force: true });
    for (const id of [1, 2, 3]) fleet.die(id);
    expect(fleet.apply(retire([1, 2, 3]))).toEqual(['forget 2', 'forget 3', 'forget 1', 'finish 0']);
    expectForgotten(fleet, [1, 2, 3], 'Queue');
  });

  it('a consumer that owes lets the feeder start', () => {
    const fleet = QueueFleet.running(queueGroup({ consumers: { local: { instancesCount: 1 } } }));
    fleet.apply({ type: 'add', specs: [withId(specs(1, queueGroup())[2]!, 9)] });
    fleet.boot(9);
    fleet.die(1);
    fleet.say(9, { type: 'drained', feeder: 1 });
    fleet.apply(retire([2]));
    fleet.exit(2);
    expectForgotten(fleet, [2]);
    expect(deeds(fleet.wait(0))).toEqual(['spawn 1']);
  });

  it('on demand takes slots away', () => {
    const fleet = QueueFleet.running(onDemand({ minInstances: 1, maxInstances: 3 }));
    expect(fleet.apply(retire([3, 4]))).toEqual(['forget 3', 'forget 4']);
    expect(deeds(fleet.demand({ waiting: 100, clearMs: 1e6 }))).toEqual([]);
    expectForgotten(fleet, [3, 4]);
  });
});

describe('a successor', () => {
  const successor = (fleet: PlainFleet | QueueFleet, of: number, id: number) =>
    fleet.apply({ type: 'successor', of, spec: withId(fleet.state.processes.get(of)!.spec, id) });

  it('starts beside its predecessor, with the number in the group that one has', () => {
    const fleet = PlainFleet.running([PAIR]);
    expect(successor(fleet, 2, 3)).toEqual(['added 3', 'spawn 3']);
    expect(fleet.state.processes.get(3)?.spec).toMatchObject({ groupId: 2, groupCount: 2 });
  });

  it('of a consumer on demand takes its slot when that one is retired', () => {
    const fleet = QueueFleet.running(onDemand({ minInstances: 1, maxInstances: 2 }));
    const queue = fleet.state.queues.get('Queue')!;
    expect(deeds(successor(fleet, 2, 9))).toEqual(['spawn 9']);
    expect(queue.pools.map(({ ids }) => ids)).toEqual([[2, 3]]);
    fleet.boot(9);
    fleet.apply(retire([2]));
    expect(queue.pools.map(({ ids }) => ids)).toEqual([[9, 3]]);
    fleet.exit(2);
    expectForgotten(fleet, [2]);
    expect([...queue.wanted]).toEqual([9]);
    expect(deeds(fleet.wait(0))).toEqual([]);
  });

  it('that is dropped leaves its predecessor in its place', () => {
    const fleet = QueueFleet.running(onDemand({ minInstances: 1, maxInstances: 2 }));
    successor(fleet, 2, 9);
    fleet.spawn(9);
    fleet.apply(retire([9]));
    fleet.die(9);
    expectForgotten(fleet, [9]);
    expect(fleet.state.queues.get('Queue')?.pools[0]?.ids).toEqual([2, 3]);
    expect(fleet.states).toBe('running,running,created');
  });

  it('is not counted on by what depends on its group', () => {
    const fleet = new PlainFleet([queueGroup(), { ...OTHER, dependsOn: ['Queue'] }]);
    fleet.apply({ type: 'run' });
    fleet.boot(1);
    fleet.boot(2);
    successor(fleet, 2, 9);
    expect(fleet.boot(3)).toContain('spawn 4');
  });

  it('of a consumer that does not run any more is as good', () => {
    const fleet = QueueFleet.running(onDemand({ minInstances: 0, maxInstances: 2 }));
    fleet.demand({ waiting: 1 });
    fleet.boot(2);
    successor(fleet, 2, 9);
    fleet.boot(9);
    fleet.say(1, { type: 'leaving', id: 2, incarnation: 1 });
    fleet.exit(2);
    expect(fleet.apply(retire([2]))).toEqual(['forget 2']);
    expect(fleet.state.queues.get('Queue')?.pools[0]?.ids).toEqual([9, 3]);
  });
});

describe('a service whose running time ends in a change', () => {
  const LONG = group({ timeout: 0 });
  const isDue = (fleet: PlainFleet): boolean => fleet.deadline <= 60_000;

  it('starts all again when the change is over', () => {
    const fleet = PlainFleet.running([LONG], { maxRunningTimeMs: 60_000 }, { service: true });
    expect(isDue(fleet)).toBe(true);
    fleet.apply({ type: 'change', begins: true });
    expect([isDue(fleet), fleet.tick(60_000)]).toEqual([false, []]);
    fleet.apply({ type: 'change', begins: true });
    fleet.apply({ type: 'change', begins: false });
    expect([isDue(fleet), fleet.tick(60_000)]).toEqual([false, []]);
    fleet.apply({ type: 'change', begins: false });
    expect([isDue(fleet), fleet.tick(60_000)]).toEqual([true, ['ask-to-stop 1']]);
    expect(fleet.exit(1)).toEqual(['process_stopped 1']);
    expect(fleet.tick()).toEqual(['spawn 1']);
  });

  it('is silent all the same', () => {
    const fleet = PlainFleet.running([OTHER], { maxRunningTimeMs: 60_000, timeoutMs: 5000 }, { service: true });
    fleet.apply({ type: 'change', begins: true });
    expect(fleet.tick(5000)).toEqual(['kill 1']);
  });

  it('and is none ends at once', () => {
    const fleet = PlainFleet.running([LONG], { maxRunningTimeMs: 60_000 });
    fleet.apply({ type: 'change', begins: true });
    expect(fleet.tick(60_000)).toEqual(['ask-to-stop 1']);
  });
});
