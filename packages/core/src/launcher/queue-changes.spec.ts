import { describe, expect, it } from 'vitest';
import { group, listProcesses } from '../testing/process-specs.js';
import { withId } from '../placement/place-processes.js';
import { PlainFleet } from './fleet.spec.helper.js';
import { onDemand, queueGroup } from './queue-fleet.spec.helper.js';

const recycle = (...ids: number[]) => ({ type: 'recycle', ids, force: false }) as const;
const retire = (...ids: number[]) => ({ type: 'retire', ids, force: false }) as const;

describe('a consumer that was replaced by its successor', () => {
  it('counts no more, and the successor does: what depends on the group waits for the rest, and starts', () => {
    const fleet = PlainFleet.running([queueGroup({ consumers: { local: { instancesCount: 1 } } })]);
    const { spec } = fleet.state.processes.get(2)!;
    fleet.apply({ type: 'successor', of: 2, spec: withId(spec, 3) });
    fleet.boot(3);
    fleet.apply(retire(2));
    expect(fleet.exit(2)).toContain('forget 2');
    const [slow, later] = listProcesses([
      group({ name: 'Slow' }),
      group({ name: 'Later', dependsOn: ['Queue', 'Slow'] }),
    ]);
    fleet.apply({ type: 'add', specs: [withId(slow!, 4), withId(later!, 5)] });
    expect(fleet.states).toBe('running,running,starting,waiting');
    expect(fleet.boot(4)).toEqual(['process_started 4', 'spawn 5']);
  });
});

describe('recycling a queue group', () => {
  it('leaves a slot that stands by where it is, also one that was used before', () => {
    const fleet = PlainFleet.running([onDemand({ minInstances: 1, maxInstances: 3 })]);
    fleet.apply({ type: 'start', id: 3 });
    fleet.boot(3);
    fleet.state.queues.get('Queue')!.wanted.delete(3);
    fleet.to(3, { type: 'stop' });
    fleet.exit(3);
    expect(fleet.states).toBe('running,running,stopped,created');
    fleet.apply(recycle(3, 4));
    expect(fleet.states).toBe('running,running,stopped,created');
  });

  it('starts no consumer on demand before all of it has stopped', () => {
    const fleet = PlainFleet.running([onDemand({ minInstances: 1, maxInstances: 3 })]);
    fleet.apply(recycle(1, 2));
    fleet.exit(2);
    expect(fleet.states).toBe('stopping,stopped,stopped,stopped');
    expect(fleet.exit(1)).toEqual(['process_stopped 1']);
    expect(fleet.tick()).toEqual(['spawn 1', 'spawn 2']);
  });
});

describe('a service whose running time is over', () => {
  it('starts feeder and consumers again, on demand as many as there are at least', () => {
    const options = { name: 'Demand', timeout: 0 };
    const demand = onDemand({ minInstances: 1, maxInstances: 2 }, options);
    const fleet = PlainFleet.running([queueGroup(), demand], { maxRunningTimeMs: 1000 }, { service: true });
    fleet.tick(1000);
    for (const id of [2, 3, 5, 1, 4]) fleet.exit(id);
    fleet.tick();
    expect(fleet.states).toBe('starting,starting,starting,starting,starting,created');
  });
});

it('what was retired leaves nothing behind', () => {
  const fleet = PlainFleet.running([queueGroup(), group({ name: 'Other' })]);
  fleet.apply(retire(1, 4));
  for (const id of [2, 3, 4, 1]) fleet.exit(id);
  const { processes, groups, queues, tallies, retiring, leaving, retired, toRetire, toStop, waiting, booting } =
    fleet.state;
  for (const { size } of [processes, groups, queues, tallies.groups, retiring, leaving, retired, toRetire]) {
    expect(size).toBe(0);
  }
  for (const { size } of [toStop, waiting, booting, fleet.state.cleared, fleet.state.pending]) expect(size).toBe(0);
});
