import { describe, expect, it } from 'vitest';
import type { GroupOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import type { AgentTarget } from '../hosts/agent-target.js';
import { placeProcesses } from '../placement/place-processes.js';
import { ManualClock } from '../testing/manual-clock.js';
import { group } from '../testing/process-specs.js';
import { RecordingSink } from '../testing/recording-sink.js';
import { LauncherFleetPort } from './launcher-fleet-port.js';
import { decide } from './launcher-machine.js';
import { createState } from './launcher-state.js';
import { onDemand, queueGroup } from './queue-fleet.spec.helper.js';

const LIMITS = { timeoutMs: 0, maxRunningTimeMs: 0, maxProcessTimeout: 3, bootSlots: 8 };
const PAIR = group({ name: 'Pair', local: { instancesCount: 2 } });
const ON_HOST = group({ name: 'Remote', remote: [{ hosts: ['one'], instancesCount: 1 }], console: 'a.js' });

function portOf(...groups: (GroupOptions | QueueGroupOptions)[]) {
  const { specs, targets } = placeProcesses(groups);
  const state = createState(specs, LIMITS);
  const connected: string[] = [];
  const post = (event: Parameters<typeof decide>[1]): void =>
    void decide(state, event, { now: 0, random: () => 0.5 }).length;
  const port = new LauncherFleetPort({
    clock: new ManualClock(),
    sink: new RecordingSink(),
    state,
    groups,
    localAgent: false,
    targets,
    post,
    connect: async (added: readonly AgentTarget[]) => void connected.push(...added.map(({ key }) => key)),
  });
  post({ type: 'run' });
  const displays = (name: string): string[] => port.idsOf(name).map((id) => port.records.get(id)!.spec.origin.display);
  return { port, state, connected, displays, post };
}

describe('the fleet as changes see it', () => {
  it('tells ids, what is wanted, and what is suspended', () => {
    const { port, post } = portOf(PAIR, onDemand({ minInstances: 1, maxInstances: 2 }));
    expect([port.idsOf('Pair'), port.idsOf('Queue'), port.idsOf('None')]).toEqual([[1, 2], [3, 4, 5], []]);
    expect([1, 3, 4, 5, 99].map((id) => port.isWanted(id))).toEqual([true, true, true, false, false]);
    post({ type: 'suspend', groups: ['Pair'], force: false });
    expect([port.isSuspended('Pair'), port.isSuspended('Queue')]).toEqual([true, false]);
  });

  it('leaves out what is retired', () => {
    const { port } = portOf(PAIR);
    port.retire([2]);
    expect(port.idsOf('Pair')).toEqual([1]);
    expect(port.records.has(2)).toBe(true);
  });
});

describe('groups that are added', () => {
  it('have ids after all that there ever were', async () => {
    const { port, displays, post } = portOf(PAIR);
    await port.addGroups([group({ name: 'Second' })]);
    port.retire([3], { force: true });
    post({ type: 'process', id: 3, event: { type: 'exited', code: null, signal: 'SIGKILL' } });
    expect(port.idsOf('Second')).toEqual([]);
    await port.addGroups([group({ name: 'Third' })]);
    expect(displays('Third')).toEqual(['work/4/1']);
  });

  it('of which one is there are refused', async () => {
    const { port } = portOf(PAIR);
    await expect(port.addGroups([PAIR])).rejects.toThrow('Group Pair is there already');
  });

  it('keep the place in the order that their name had', async () => {
    const { port, post } = portOf(PAIR, group({ name: 'Other' }));
    port.retire([1, 2], { force: true });
    for (const id of [1, 2]) {
      post({ type: 'process', id, event: { type: 'exited', code: null, signal: 'SIGKILL' } });
    }
    expect(port.groups.map(({ name }) => name)).toEqual(['Other']);
    await port.addGroups([{ ...PAIR, local: { instancesCount: 1 } }]);
    expect(port.groups).toMatchObject([{ name: 'Pair', local: { instancesCount: 1 } }, { name: 'Other' }]);
  });

  it('connect agents that are new, each once', async () => {
    const { port, connected, displays } = portOf(ON_HOST);
    await port.addGroups([group({ name: 'More', remote: [{ hosts: ['one', 'two'], instancesCount: 1 }] })]);
    expect(connected).toEqual(['two']);
    expect(displays('More')).toEqual(['work/2/1', 'work/3/2']);
  });

  it('know the entry script of an agent that runs', async () => {
    const { port } = portOf(ON_HOST);
    const remote = [{ hosts: ['one'], instancesCount: 1 }];
    await port.addGroups([
      group({ name: 'Same', remote, console: 'a.js' }),
      group({ name: 'Own', remote, console: 'b.js' }),
    ]);
    expect([2, 3].map((id) => port.records.get(id)?.spec.config.console)).toEqual([undefined, 'b.js']);
  });

  it('with a host that is none are refused, and nothing has changed', async () => {
    const { port } = portOf(PAIR);
    const broken = group({ name: 'Broken', remote: [{ hosts: ['a b'], instancesCount: 1 }] });
    await expect(port.addGroups([broken])).rejects.toThrow('expected a host');
    expect(port.groups).toHaveLength(1);
  });
});

describe('another size of a queue group', () => {
  const fixed = (instancesCount: number): QueueGroupOptions => queueGroup({ consumers: { local: { instancesCount } } });

  it('adds consumers with numbers after all others', async () => {
    const { port, displays } = portOf(fixed(2), PAIR);
    await port.resizeQueueGroup(fixed(4));
    expect(displays('Queue').slice(-2)).toEqual(['Consumer - work/6/4', 'Consumer - work/7/5']);
    expect(port.records.get(7)).toMatchObject({ state: 'starting', spec: { groupCount: 5 } });
    expect(port.groups[0]).toEqual(fixed(4));
  });

  it('retires the last ones', async () => {
    const { port } = portOf(fixed(4));
    await port.resizeQueueGroup(fixed(2));
    expect(port.idsOf('Queue')).toEqual([1, 2, 3]);
    expect(port.records.get(5)?.state).toBe('stopping');
  });

  it('gives nobody the number of one that has yet to stop, and uses that again later', async () => {
    const { port, post } = portOf(fixed(3));
    const numbers = (): number[] => port.idsOf('Queue').map((id) => port.records.get(id)!.spec.groupId);
    for (const id of [1, 2, 3, 4]) post({ type: 'process', id, event: { type: 'spawned', pid: 100 + id } });
    await port.resizeQueueGroup(fixed(2));
    await port.resizeQueueGroup(fixed(3));
    expect(numbers()).toEqual([1, 2, 3, 5]);
    post({ type: 'process', id: 4, event: { type: 'exited', code: 0, signal: null } });
    await port.resizeQueueGroup(fixed(4));
    expect(numbers()).toEqual([1, 2, 3, 5, 4]);
  });

  it('on demand changes the most that there may be; slots that are not used go first', async () => {
    const { port, state } = portOf(onDemand({ minInstances: 1, maxInstances: 3 }));
    const poolIds = (): (readonly number[])[] => state.queues.get('Queue')!.pools.map(({ ids }) => ids);
    await port.resizeQueueGroup(onDemand({ minInstances: 1, maxInstances: 5 }));
    expect(poolIds()).toEqual([[2, 3, 4, 5, 6]]);
    state.queues.get('Queue')!.wanted.add(6);
    await port.resizeQueueGroup(onDemand({ minInstances: 1, maxInstances: 2 }));
    expect(poolIds()).toEqual([[2, 6]]);
  });

  it('on demand changes the least that there are as well', async () => {
    const { port, state } = portOf(onDemand({ minInstances: 0, maxInstances: 3 }));
    await port.resizeQueueGroup(onDemand({ minInstances: 2, maxInstances: 3 }));
    expect([...state.queues.get('Queue')!.wanted]).toEqual([2, 3]);
    await port.resizeQueueGroup(onDemand({ minInstances: 1, maxInstances: 3 }));
    expect(state.queues.get('Queue')!.pools[0]!.minInstances).toBe(1);
  });

  it('changes each host alone', async () => {
    const remote = (one: number, two: number): QueueGroupOptions =>
      queueGroup({
        consumers: {
          local: { instancesCount: one },
          remote: [{ hosts: ['one'], instancesCount: two }],
        },
      });
    const { port } = portOf(remote(1, 3));
    await port.resizeQueueGroup(remote(2, 1));
    expect(port.idsOf('Queue').map((id) => port.records.get(id)!.spec.origin.host)).toEqual([
      'localhost',
      'localhost',
      'one',
      'localhost',
    ]);
  });

  it('of what is no queue group is refused', async () => {
    await expect(portOf(PAIR).port.resizeQueueGroup(fixed(2))).rejects.toThrow('There is no group "Queue"');
  });
});

it('adds nothing when the launcher has begun to stop while hosts were connected', async () => {
  const { port, state, post } = portOf(PAIR, queueGroup());
  const added = port.addGroups([ON_HOST]);
  const remote = { remote: [{ hosts: ['two'], instancesCount: 1 }] };
  const resized = port.resizeQueueGroup(queueGroup({ consumers: remote }));
  post({ type: 'stop' });
  await expect(added).rejects.toThrow('Nothing can be added: the launcher stops');
  await expect(resized).rejects.toThrow('Nothing can be added: the launcher stops');
  expect([state.processes.size, port.groups.length]).toEqual([5, 2]);
});

it('puts groups back with ids after all others, and shows them as they will be', async () => {
  const { port, displays, post } = portOf(PAIR, group({ name: 'Other' }));
  port.retire([1, 2]);
  const back = { ...PAIR, local: { instancesCount: 1 } };
  port.putBack([back]);
  expect(port.groups[0]).toBe(back);
  await port.addGroups([group({ name: 'New' })]);
  for (const id of [1, 2]) post({ type: 'process', id, event: { type: 'spawned', pid: 100 + id } });
  for (const id of [1, 2]) post({ type: 'process', id, event: { type: 'exited', code: 0, signal: null } });
  expect([displays('Pair'), displays('New')]).toEqual([['work/4/1'], ['work/5/1']]);
  expect(port.groups[0]).toBe(back);
});

describe('a successor', () => {
  it('has its number in the log, and all else of its predecessor', () => {
    const { port, displays } = portOf(PAIR);
    expect(port.startSuccessor(2)).toBe(3);
    expect(displays('Pair')).toEqual(['work/1/1', 'work/2/2', 'work/3/2']);
  });

  it('of nobody is refused', () => {
    expect(() => portOf(PAIR).port.startSuccessor(7)).toThrow('There is no process 7');
  });
});

it('takes over what is said of the reload alone', () => {
  const { port } = portOf(PAIR);
  port.updateGroup({ ...PAIR, command: 'other', reload: { batch: 2 } });
  expect(port.groups).toEqual([{ ...PAIR, reload: { batch: 2 } }]);
});
