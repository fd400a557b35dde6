import { describe, expect, it } from 'vitest';
import type { HostLoad } from '../process/host-load.js';
import { NO_DEMAND, QueueFleet, queueGroup } from './queue-fleet.spec.helper.js';

/** Feeder 1; up to 2 consumers here (2, 3), on `a` (4, 5) and on `b` (6, 7). */
function spread(minInstances = 0): QueueFleet {
  const block = { minInstances, maxInstances: 2, maxIdleTime: 1, host: 'master', port: 9999 };
  const fleet = new QueueFleet(
    queueGroup({ targetLatency: 1, consumers: { local: block, remote: [{ ...block, hosts: ['a', 'b'] }] } }),
  );
  fleet.apply({ type: 'run' });
  fleet.boot(1);
  return fleet;
}

function connect(fleet: QueueFleet, loads: Record<string, HostLoad | undefined>): void {
  for (const [agent, load] of Object.entries(loads)) {
    fleet.apply({ type: 'host', agent, reachable: true });
    if (load !== undefined) fleet.apply({ type: 'load', agent, load });
  }
}

/** Ids of what starts, and the lines about it. */
function demand(fleet: QueueFleet, waiting = 1): { ids: number[]; lines: string[] } {
  const effects = fleet.say(1, { ...NO_DEMAND, waiting, waitedMs: 5000 });
  const ids = effects.filter((each) => each.startsWith('spawn')).map((each) => Number(each.split(' ')[1]));
  return { ids, lines: effects.filter((each) => each.startsWith('log Queue:')) };
}

const load = (average: number, processors = 1, freeMemory = 1000): HostLoad => ({
  load: average,
  processors,
  freeMemory,
});

describe('a consumer on demand starts', () => {
  it('on the least loaded host, by its processors; the log names it', () => {
    const fleet = spread();
    connect(fleet, { '': load(2), a: load(4, 8), b: load(1.5) });
    expect(demand(fleet)).toEqual({
      ids: [4],
      lines: ['log Queue: Starting 1 consumer on a: 1 item waits, there is no consumer'],
    });
  });

  it('where most memory is free, among those alike', () => {
    const fleet = spread();
    connect(fleet, { '': load(1), a: load(1, 1, 500), b: load(1, 1, 4000) });
    expect(demand(fleet).ids).toEqual([6]);
  });

  it('not where those that boot will be a load', () => {
    const fleet = spread();
    connect(fleet, { '': load(0.5), a: load(0), b: load(9) });
    expect(demand(fleet).ids).toEqual([4]);
    fleet.wait(2000);
    expect(demand(fleet, 9).ids).toEqual([2]);
  });

  it('where the fewest slots are used, while the load of one is not known', () => {
    const fleet = spread();
    connect(fleet, { '': load(0), a: undefined, b: load(7) });
    expect(demand(fleet).ids).toEqual([2]);
    fleet.wait(2000);
    expect(demand(fleet, 9).ids).toEqual([4]);
  });

  it('on no host that is not connected', () => {
    const fleet = spread();
    connect(fleet, { '': load(9), a: load(0), b: load(1) });
    fleet.apply({ type: 'host', agent: 'a', reachable: false });
    expect(demand(fleet).ids).toEqual([6]);
  });

  it('in place of one that is out of reach', () => {
    const fleet = spread();
    connect(fleet, { '': load(1), a: load(0), b: load(2) });
    expect(demand(fleet).ids).toEqual([4]);
    fleet.apply({ type: 'host', agent: 'a', reachable: false });
    fleet.to(4, { type: 'reported', change: { id: 4, state: 'unreachable', pid: 7, incarnation: 1 } });
    fleet.wait(2000);
    expect(demand(fleet).ids).toEqual([2]);
  });
});

it('what is told late of a host that is gone does not bring it back', () => {
  const fleet = spread();
  connect(fleet, { '': load(9), a: load(1) });
  fleet.apply({ type: 'host', agent: 'a', reachable: false });
  fleet.apply({ type: 'load', agent: 'a', load: load(0) });
  expect(demand(fleet).ids).toEqual([2]);
});

describe('consumers that are idle', () => {
  /** Two on each host, of which one is to stay. */
  function idle(): QueueFleet {
    const fleet = spread(1);
    connect(fleet, { '': load(2), a: load(1), b: load(3) });
    for (const id of [4, 6]) isUp(fleet, id);
    fleet.boot(2);
    demand(fleet, 9);
    for (const id of [5, 7]) isUp(fleet, id);
    fleet.boot(3);
    fleet.wait(10_000);
    return fleet;
  }

  function isUp(fleet: QueueFleet, id: number): void {
    const change = { id, state: 'running', pid: id, incarnation: 1, published: 'process_started' } as const;
    fleet.to(id, { type: 'reported', change });
  }

  const letGo = (fleet: QueueFleet, count: number): string[] =>
    fleet.demand({ consumers: 6, idle: 6, letGo: count }).filter((each) => each.includes('let-go'));

  it('leave the busiest host first', () => {
    expect(letGo(idle(), 5)).toEqual([
      '{"type":"let-go","count":1,"among":[6,7]} to 1',
      '{"type":"let-go","count":1,"among":[2,3]} to 1',
    ]);
  });

  it('stay where they are the minimum: the feeder cannot know which, and counts them', () => {
    expect(letGo(idle(), 3)).toEqual([]);
    expect(letGo(idle(), 4)).toHaveLength(1);
  });
});

describe('the minimum', () => {
  it('is that of each host: what left it is replaced there', () => {
    const fleet = spread(1);
    connect(fleet, { '': load(0), a: load(9), b: load(9) });
    expect(fleet.states).toBe('running,starting,created,starting,created,starting,created');
    fleet.to(4, {
      type: 'reported',
      change: { id: 4, state: 'running', pid: 7, incarnation: 1, published: 'process_started' },
    });
    fleet.say(1, { type: 'leaving', id: 4, incarnation: 1 });
    const effects = fleet.to(4, { type: 'reported', change: { id: 4, state: 'stopped', incarnation: 1 } });
    expect(effects).not.toContain('spawn 2');
    expect(fleet.states.split(',').slice(3, 5)).toContain('starting');
  });

  it('of a host that is out of reach waits until it is back', () => {
    const fleet = spread(1);
    connect(fleet, { '': load(0), a: load(0), b: load(0) });
    const change = { id: 4, pid: 7, incarnation: 1, state: 'running', published: 'process_started' } as const;
    fleet.to(4, { type: 'reported', change });
    fleet.apply({ type: 'host', agent: 'a', reachable: false });
    expect(fleet.say(1, { type: 'leaving', id: 4, incarnation: 1 })).toEqual(['ask-to-stop 4']);
    expect(fleet.apply({ type: 'host', agent: 'a', reachable: true })).toContain('spawn 5');
  });
});
