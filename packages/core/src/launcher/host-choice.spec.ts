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
});
