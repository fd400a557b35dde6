import { describe, expect, it } from 'vitest';
import { group } from '../testing/process-specs.js';
import { PlainFleet } from './fleet.spec.helper.js';
import { exitCodeOf } from './launcher-state.js';
import { consumerGone, deeds, gone, onDemand, QueueFleet, queueGroup } from './queue-fleet.spec.helper.js';

const PAIR = group({ name: 'Pair', local: { instancesCount: 2 } });
const OTHER = group({ name: 'Other' });

const recycle = (ids: number[], force = false) => ({ type: 'recycle', ids, force }) as const;

describe('recycle', () => {
  it('stops a process, and starts its next incarnation when it has stopped', () => {
    const fleet = PlainFleet.running([PAIR]);
    expect(fleet.apply(recycle([1]))).toEqual(['ask-to-stop 1']);
    expect(fleet.exit(1, 1)).toEqual(['process_stopped 1']);
    expect(fleet.tick()).toEqual(['spawn 1']);
    expect(fleet.state.processes.get(1)?.incarnation).toBe(2);
    expect(exitCodeOf(fleet.state)).toBe(0);
  });

  it('by force kills it', () => {
    const fleet = PlainFleet.running([PAIR]);
    expect(fleet.apply(recycle([1], true))).toEqual(['ask-to-stop 1', 'kill 1']);
    fleet.exit(1, null);
    expect(fleet.tick()).toEqual(['spawn 1']);
  });

  it('starts what is over as well, in boot slots; a failure is forgotten', () => {
    const fleet = PlainFleet.running([PAIR, OTHER], { bootSlots: 1 });
    for (const id of [1, 2]) {
      fleet.bootAll();
      fleet.exit(id, id - 1);
    }
    expect(fleet.states).toBe('stopped,failed,running');
    expect(fleet.apply(recycle([1, 2]))).toEqual(['spawn 1']);
    expect(fleet.boot(1)).toEqual(['process_started 1', 'spawn 2']);
    fleet.boot(2);
    for (const id of [1, 2]) fleet.exit(id);
    expect(fleet.exit(3)).toEqual(['process_stopped 3', 'finish 0']);
  });

  it('starts what has failed for its dependency, when that is ready', () => {
    const fleet = new PlainFleet([OTHER, { ...PAIR, dependsOn: ['Other'] }], {}, { service: true });
    fleet.apply({ type: 'run' });
    fleet.boot(1);
    fleet.exit(1, 1);
    fleet.apply(recycle([2]));
    expect(fleet.stateOf(1)).toBe('failed');
    fleet.apply(recycle([1]));
    expect(fleet.states.startsWith('starting')).toBe(true);
  });

  it('resumes a group that was suspended', () => {
    const fleet = PlainFleet.running([PAIR]);
    fleet.apply({ type: 'suspend', groups: ['Pair'], force: false });
    fleet.exit(1);
    expect(fleet.apply(recycle([1, 2]))).toEqual(['spawn 1']);
    fleet.exit(2);
    expect(fleet.tick()).toEqual(['spawn 2']);
  });

  it('of some of a suspended group resumes the others as well', () => {
    const fleet = PlainFleet.running([PAIR]);
    fleet.apply({ type: 'suspend', groups: ['Pair'], force: true });
    for (const id of [1, 2]) fleet.exit(id, null);
    expect(fleet.apply(recycle([2]))).toEqual(['spawn 1', 'spawn 2']);
  });

  it('in a stop does nothing, and a stop overrules it', () => {
    const fleet = PlainFleet.running([PAIR]);
    fleet.apply(recycle([1]));
    fleet.apply({ type: 'stop' });
    expect(fleet.apply(recycle([2]))).toEqual([]);
    fleet.exit(1);
    expect(fleet.exit(2)).toEqual(['process_stopped 2', 'finish 0']);
  });

  it('of what waits for its first start leaves it its turn', () => {
    const fleet = new PlainFleet([PAIR], { bootSlots: 1 });
    fleet.apply({ type: 'run' });
    expect(fleet.apply(recycle([2]))).toEqual([]);
    expect(fleet.boot(1)).toEqual(['process_started 1', 'spawn 2']);
  });
});

describe('recycle of a whole queue group', () => {
  it('stops the consumers, then the feeder, then starts all', () => {
    const fleet = QueueFleet.running(queueGroup());
    expect(deeds(fleet.apply(recycle([1, 2, 3])))).toEqual(['ask-to-stop 2', 'ask-to-stop 3']);
    expect(deeds(fleet.exit(2))).toEqual([consumerGone(2, 1)]);
    expect(deeds(fleet.wait(1000))).toEqual([]);
    expect(deeds(fleet.exit(3))).toEqual([consumerGone(3, 1), 'ask-to-stop 1']);
    expect(deeds(fleet.exit(1))).toEqual([]);
    expect(deeds(fleet.wait(0))).toEqual(['spawn 1', 'spawn 2', 'spawn 3']);
    expect(fleet.state.processes.get(1)?.incarnation).toBe(2);
  });

  it('by force kills all at once', () => {
    const fleet = QueueFleet.running(queueGroup());
    expect(deeds(fleet.apply(recycle([1, 2, 3], true)))).toEqual(['kill 1', 'kill 2', 'kill 3']);
    fleet.die(1);
    fleet.die(2);
    fleet.die(3);
    expect(deeds(fleet.wait(0))).toEqual(['spawn 1', 'spawn 2', 'spawn 3']);
  });

  it('on demand starts those that ran, and leaves the slots', () => {
    const fleet = QueueFleet.running(onDemand({ minInstances: 1, maxInstances: 3 }));
    fleet.apply(recycle([1, 2, 3, 4]));
    fleet.exit(2);
    fleet.exit(1);
    expect(deeds(fleet.wait(0))).toEqual(['spawn 1', 'spawn 2']);
    fleet.boot(1);
    fleet.boot(2);
    fleet.demand({ waiting: 100, clearMs: 1e6 });
    expect(deeds(fleet.wait(0))).toEqual(['spawn 3']);
  });

  it('that had come to its end starts it again', () => {
    const fleet = QueueFleet.running(queueGroup());
    fleet.apply({ type: 'change', begins: true });
    fleet.exit(1);
    fleet.exit(2);
    fleet.exit(3);
    expect(fleet.states).toBe('stopped,stopped,stopped');
    fleet.apply(recycle([1, 2, 3]));
    expect(deeds(fleet.wait(0))).toEqual(['spawn 1', 'spawn 2', 'spawn 3']);
  });

  it('that was suspended starts nothing before all of it has stopped', () => {
    const fleet = QueueFleet.running(queueGroup());
    fleet.apply({ type: 'suspend', groups: ['Queue'], force: false });
    fleet.exit(2);
    expect(deeds(fleet.apply(recycle([1, 2, 3])))).toEqual([]);
    expect(deeds(fleet.exit(3))).toEqual([consumerGone(3, 1), 'ask-to-stop 1']);
    fleet.exit(1);
    expect(deeds(fleet.wait(0))).toEqual(['spawn 1', 'spawn 2', 'spawn 3']);
  });

  it('whose feeder waits for its restart does not start that in between', () => {
    const fleet = QueueFleet.running(queueGroup());
    fleet.die(1);
    fleet.apply(recycle([1, 2, 3]));
    fleet.exit(2);
    expect(deeds(fleet.wait(4000))).toEqual([]);
    fleet.exit(3);
    expect(deeds(fleet.wait(0))).toEqual(['spawn 1', 'spawn 2', 'spawn 3']);
  });

  it('that is suspended meanwhile is suspended when it has stopped', () => {
    const fleet = QueueFleet.running(queueGroup());
    fleet.apply(recycle([1, 2, 3]));
    fleet.apply({ type: 'suspend', groups: ['Queue'], force: false });
    for (const id of [2, 3, 1]) fleet.exit(id);
    expect(fleet.states).toBe('suspended,suspended,suspended');
    expect(deeds(fleet.apply({ type: 'resume', groups: ['Queue'] }))).toEqual(['spawn 2', 'spawn 3']);
    expect(deeds(fleet.wait(0))).toEqual(['spawn 1']);
  });

  it('is overruled by a stop', () => {
    const fleet = QueueFleet.running(queueGroup());
    fleet.apply(recycle([1, 2, 3]));
    fleet.apply({ type: 'stop' });
    for (const id of [2, 3]) fleet.exit(id);
    expect(deeds(fleet.exit(1))).toEqual(['finish 0']);
  });
});

describe('recycle of some of a queue group', () => {
  it('a consumer starts again at its end, and its feeder is told', () => {
    const fleet = QueueFleet.running(queueGroup());
    expect(deeds(fleet.apply(recycle([2])))).toEqual(['ask-to-stop 2']);
    expect(deeds(fleet.exit(2))).toEqual([consumerGone(2, 1)]);
    expect(deeds(fleet.wait(0))).toEqual(['spawn 2']);
  });

  it('the feeder waits for its consumers, as after any end', () => {
    const fleet = QueueFleet.running(queueGroup());
    expect(deeds(fleet.apply(recycle([1])))).toEqual(['ask-to-stop 1']);
    expect(deeds(fleet.exit(1))).toEqual([gone(1, 2), gone(1, 3)]);
    fleet.say(2, { type: 'drained', feeder: 1 });
    fleet.say(3, { type: 'drained', feeder: 1 });
    expect(deeds(fleet.wait(0))).toEqual(['spawn 1']);
    expect(fleet.states).toBe('starting,running,running');
  });

  it('leaves out slots that stand by', () => {
    const fleet = QueueFleet.running(onDemand({ minInstances: 1, maxInstances: 2 }));
    expect(deeds(fleet.apply(recycle([3])))).toEqual([]);
    expect(fleet.stateOf(3)).toBe('created');
  });
});

it('what is recycled does not wait for the boot slot of one that has booted long since', () => {
  const fleet = PlainFleet.running([queueGroup()], { bootSlots: 1 });
  fleet.bootAll();
  fleet.now = 10;
  fleet.apply({ type: 'recycle', ids: [1, 2, 3], force: false });
  for (const id of [2, 3, 1]) fleet.exit(id);
  expect(fleet.deadline).toBe(0);
  expect(fleet.tick()).toEqual(['spawn 1']);
});
