import { describe, expect, it } from 'vitest';
import { consumerGone, deeds, gone, onDemand, QueueFleet, queueGroup } from './queue-fleet.spec.helper.js';

describe('a stop', () => {
  it('asks the consumers, and the feeder when all of them are over', () => {
    const fleet = QueueFleet.running(queueGroup());
    expect(deeds(fleet.apply({ type: 'stop' }))).toEqual(['ask-to-stop 2', 'ask-to-stop 3']);
    expect(deeds(fleet.exit(2))).toEqual([consumerGone(2, 1)]);
    expect(deeds(fleet.exit(3))).toEqual([consumerGone(3, 1), 'ask-to-stop 1']);
    expect(deeds(fleet.exit(1))).toEqual(['finish 0']);
    expect(fleet.states).toBe('stopped,stopped,stopped');
  });

  it('asks the feeder at once where no consumer runs', () => {
    const fleet = QueueFleet.running(onDemand({ minInstances: 0, maxInstances: 3 }));
    expect(deeds(fleet.apply({ type: 'stop' }))).toEqual(['ask-to-stop 1']);
    expect(deeds(fleet.exit(1))).toEqual(['finish 0']);
  });

  it('in which the feeder dies tells the consumers, who need not wait for it', () => {
    const fleet = QueueFleet.running(queueGroup());
    fleet.apply({ type: 'stop' });
    expect(deeds(fleet.die(1))).toEqual([gone(1, 2), gone(1, 3)]);
    expect(deeds([...fleet.exit(2), ...fleet.exit(3)])).toEqual(['finish 0']);
  });

  it('while the feeder waits for its consumers ends', () => {
    const fleet = QueueFleet.running(queueGroup());
    fleet.die(1);
    expect(deeds(fleet.apply({ type: 'stop' }))).toEqual(['ask-to-stop 2', 'ask-to-stop 3']);
    expect(deeds([...fleet.exit(2), ...fleet.exit(3)])).toEqual(['finish 0']);
  });

  it('finds a consumer in the midst of its replacement', () => {
    const fleet = QueueFleet.running(queueGroup({ memoryLimit: 100 }));
    expect(deeds(fleet.to(2, { type: 'measured', rssBytes: 110e6 }))).toEqual(['ask-to-stop 2']);
    expect(deeds(fleet.apply({ type: 'stop' }))).toEqual(['ask-to-stop 3']);
    expect(deeds([...fleet.exit(3), ...fleet.exit(2)]).at(-1)).toBe('ask-to-stop 1');
  });

  it('that kills does that to all at once', () => {
    const fleet = QueueFleet.running(queueGroup());
    expect(deeds(fleet.apply({ type: 'kill' }))).toEqual(['kill 1', 'kill 2', 'kill 3']);
    for (const id of [1, 2]) fleet.die(id);
    expect(deeds(fleet.die(3))).toEqual(['finish 0']);
  });
});

describe('a feeder that is over', () => {
  it('with success ends its consumers, exit code 0', () => {
    const fleet = QueueFleet.running(queueGroup());
    expect(deeds(fleet.exit(1))).toEqual([gone(1, 2), gone(1, 3), 'ask-to-stop 2', 'ask-to-stop 3']);
    fleet.exit(2);
    expect(deeds(fleet.exit(3))).toEqual(['finish 0']);
  });

  it('with success ends also a group whose consumers never ran', () => {
    const fleet = QueueFleet.running(onDemand({ minInstances: 0, maxInstances: 2 }));
    expect(deeds(fleet.exit(1))).toEqual(['finish 0']);
    expect(fleet.states).toBe('stopped,stopped,stopped');
  });

  it('for it has failed for good ends its consumers, exit code 1', () => {
    const fleet = QueueFleet.running(queueGroup({ maxRestarts: 0 }));
    expect(deeds(fleet.die(1))).toContain('ask-to-stop 3');
    fleet.exit(2);
    expect(deeds(fleet.exit(3))).toEqual(['finish 1']);
    expect(fleet.states).toBe('failed,stopped,stopped');
  });

  it('for what it depends on has failed leaves nothing that waits', () => {
    const before = { name: 'Before', command: 'x' };
    const fleet = new QueueFleet(before, onDemand({ maxInstances: 3 }, { dependsOn: ['Before'] }));
    fleet.apply({ type: 'run' });
    fleet.spawn(1);
    expect(deeds(fleet.die(1))).toEqual(['finish 1']);
    expect(fleet.states).toBe('failed,failed,stopped,stopped,stopped');
  });

  it('leaves other groups alone', () => {
    const fleet = new QueueFleet(queueGroup(), { name: 'Other', command: 'x', dependsOn: ['Queue'] });
    fleet.apply({ type: 'run' });
    for (const id of [1, 2, 3, 4]) fleet.boot(id);
    expect(deeds(fleet.exit(1))).not.toContain('ask-to-stop 4');
    fleet.exit(2);
    expect(deeds(fleet.exit(3))).toEqual([]);
    expect(fleet.stateOf(4)).toBe('running');
  });
});

describe('consumers that are all over', () => {
  it('for they have failed end the feeder, with an error line and exit code 1', () => {
    const fleet = QueueFleet.running(queueGroup({ maxRestarts: 0 }));
    expect(deeds(fleet.die(2))).toEqual([consumerGone(2, 1)]);
    const effects = fleet.die(3);
    expect(effects).toContain('error Queue: All consumers have failed, stopping the feeder');
    expect(deeds(effects)).toEqual([consumerGone(3, 1), 'ask-to-stop 1']);
    expect(deeds(fleet.exit(1))).toEqual(['finish 1']);
  });

  it('for they have ended by themselves end the feeder, exit code 0', () => {
    const fleet = QueueFleet.running(queueGroup());
    fleet.exit(2);
    expect(fleet.exit(3)).toContain('log Queue: All consumers have ended, stopping the feeder');
    expect(deeds(fleet.exit(1))).toEqual(['finish 0']);
  });

  it('on demand: while the only one leaves, the feeder goes on', () => {
    const fleet = QueueFleet.running(onDemand({ minInstances: 0, maxInstances: 1 }));
    fleet.demand({ waiting: 1 });
    fleet.boot(2);
    expect(deeds(fleet.say(1, { type: 'leaving', id: 2, incarnation: 1 }))).toEqual(['ask-to-stop 2']);
    expect(deeds(fleet.exit(2))).toEqual([consumerGone(2, 1)]);
  });

  it('on demand: a slot that has failed is not used again, and the last one ends the feeder', () => {
    const fleet = QueueFleet.running(onDemand({ minInstances: 1, maxInstances: 2 }, { maxRestarts: 0 }));
    expect(deeds(fleet.die(2))).toEqual([consumerGone(2, 1), 'spawn 3']);
    fleet.boot(3);
    expect(deeds(fleet.die(3))).toEqual([consumerGone(3, 1), 'ask-to-stop 1']);
    expect(deeds(fleet.exit(1))).toEqual(['finish 1']);
  });
});
