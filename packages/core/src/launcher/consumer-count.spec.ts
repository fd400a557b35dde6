import { describe, expect, it } from 'vitest';
import { consumerGone, deeds, onDemand, QueueFleet, ready } from './queue-fleet.spec.helper.js';

const group = (minInstances: number, maxInstances = 4) => onDemand({ minInstances, maxInstances, maxIdleTime: 5 });

describe('consumers on demand', () => {
  it('begin with the minimum; the ids of the others are reserved', () => {
    const fleet = new QueueFleet(group(2));
    expect(deeds(fleet.apply({ type: 'run' }))).toEqual(['spawn 1', 'spawn 2', 'spawn 3']);
    expect(fleet.states).toBe('starting,starting,starting,created,created');
    expect(fleet.state.processes.get(5)!.spec).toMatchObject({ groupId: 5, groupCount: 5 });
  });

  it('start while work waits, the lowest id first, with a line that says why', () => {
    const fleet = QueueFleet.running(group(0));
    expect(fleet.demand({ waiting: 9 })).toEqual([
      'log Queue: Starting 1 consumer: 9 items wait, there is no consumer',
      'spawn 2',
    ]);
    expect(deeds(fleet.boot(2))).toEqual([ready(1, 2)]);
    fleet.now = 1000;
    expect(deeds(fleet.demand({ waiting: 9, consumers: 1, clearMs: 9000 }))).toEqual(['spawn 3']);
    fleet.boot(3);
    fleet.now = 2000;
    expect(deeds(fleet.demand({ waiting: 9, consumers: 2, clearMs: 9000 }))).toEqual(['spawn 4', 'spawn 5']);
    fleet.now = 9000;
    expect(fleet.demand({ waiting: 9, consumers: 4, clearMs: 9000 })).toEqual([]);
  });

  it('leave by the choice of the feeder; their slots are free when they are over', () => {
    const fleet = QueueFleet.running(group(1));
    fleet.demand({ waiting: 9, consumers: 1, clearMs: 9000 });
    fleet.boot(3);
    fleet.now = 60_000;
    expect(fleet.demand({ consumers: 2, letGo: 2 })).toEqual([
      'log Queue: Letting go 1 consumer of 2: nothing waits, it has been idle for 5 s',
      '{"type":"let-go","count":1} to 1',
    ]);
    expect(fleet.demand({ consumers: 2, letGo: 2 })).toEqual([]);
    expect(fleet.say(1, { type: 'leaving', id: 2, incarnation: 1 })).toEqual(['ask-to-stop 2']);
    expect(fleet.demand({ consumers: 1, letGo: 1 })).toEqual([]);
    expect(deeds(fleet.demand({ waiting: 9, consumers: 1, clearMs: 9000 }))).toEqual(['spawn 4']);
    expect(deeds(fleet.exit(2))).toEqual([consumerGone(2, 1)]);
    expect(fleet.stateOf(2)).toBe('stopped');
    fleet.now = 70_000;
    expect(deeds(fleet.demand({ waiting: 9, consumers: 2, clearMs: 9000 }))).toEqual(['spawn 5']);
    expect(deeds(fleet.wait(0))).toEqual(['spawn 2']);
  });

  it('are never more than the maximum, while one is still leaving', () => {
    const fleet = QueueFleet.running(group(1, 2));
    fleet.demand({ waiting: 9, consumers: 1, clearMs: 9000 });
    fleet.boot(3);
    fleet.say(1, { type: 'leaving', id: 3, incarnation: 1 });
    fleet.now = 5000;
    expect(fleet.demand({ waiting: 9, consumers: 1, clearMs: 9000 })).toEqual([]);
  });

  it('one that says it leaves in another life stays', () => {
    const fleet = QueueFleet.running(group(1));
    expect(fleet.say(1, { type: 'leaving', id: 2, incarnation: 2 })).toEqual([]);
  });

  it('below the minimum another is started whatever the feeder says', () => {
    const fleet = QueueFleet.running(group(1));
    const effects = fleet.say(1, { type: 'leaving', id: 2, incarnation: 1 });
    expect(effects).toEqual(['ask-to-stop 2', 'log Queue: Starting 1 consumer: the minimum is 1', 'spawn 3']);
  });

  it('a slot is not used again before its end is told', () => {
    const fleet = QueueFleet.running(group(1, 1));
    fleet.say(1, { type: 'leaving', id: 2, incarnation: 1 });
    const effects = fleet.exit(2);
    expect(effects.slice(-3)).toEqual([
      'process_stopped 2',
      consumerGone(2, 1),
      'log Queue: Starting 1 consumer: the minimum is 1',
    ]);
    expect(deeds(fleet.wait(0))).toEqual(['spawn 2']);
  });

  it('one that dies starts again in its place', () => {
    const fleet = QueueFleet.running(group(1));
    expect(deeds(fleet.die(2))).toEqual([consumerGone(2, 1)]);
    expect(deeds(fleet.wait(0))).toEqual(['spawn 2']);
  });

  it('none starts in a stop, nor when the feeder has ended', () => {
    const fleet = QueueFleet.running(group(1));
    fleet.apply({ type: 'stop' });
    expect(fleet.demand({ waiting: 9, consumers: 1, clearMs: 9000 })).toEqual([]);
    const ended = QueueFleet.running(group(1));
    ended.exit(1);
    expect(deeds(ended.exit(2))).toEqual(['finish 0']);
  });
});
