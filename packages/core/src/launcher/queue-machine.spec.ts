import { describe, expect, it } from 'vitest';
import { consumerGone, deeds, gone, onDemand, QueueFleet, queueGroup, ready } from './queue-fleet.spec.helper.js';

describe('a feeder that is ready', () => {
  it('is told to each consumer that was spawned, and to each that is spawned later', () => {
    const fleet = new QueueFleet(queueGroup());
    expect(deeds(fleet.apply({ type: 'run' }))).toEqual(['spawn 1', 'spawn 2', 'spawn 3']);
    fleet.spawn(2);
    expect(deeds(fleet.boot(1))).toEqual([ready(1, 2)]);
    expect(deeds(fleet.spawn(3))).toEqual([ready(1, 3)]);
    expect(deeds(fleet.to(3, { type: 'ready' }))).toEqual([]);
  });

  it('is told to nobody before it says so', () => {
    const fleet = new QueueFleet(queueGroup());
    fleet.apply({ type: 'run' });
    expect(deeds([...fleet.boot(2), ...fleet.spawn(1)])).toEqual([]);
  });
});

describe('a consumer that has exited', () => {
  it('is told to the feeder, also when it was asked to, and its next incarnation learns of the feeder', () => {
    const fleet = QueueFleet.running(queueGroup());
    expect(deeds(fleet.die(2))).toEqual([consumerGone(2, 1)]);
    expect(deeds(fleet.wait(0))).toEqual(['spawn 2']);
    expect(deeds(fleet.spawn(2))).toEqual([ready(1, 2)]);
    fleet.apply({ type: 'stop' });
    expect(deeds(fleet.exit(2))).toEqual([consumerGone(2, 2)]);
  });

  it('before the feeder runs is told to nobody', () => {
    const fleet = new QueueFleet(queueGroup());
    fleet.apply({ type: 'run' });
    fleet.boot(2);
    expect(deeds(fleet.die(2))).toEqual([]);
  });

  it('that could not be spawned is told to nobody', () => {
    const fleet = QueueFleet.running(queueGroup());
    fleet.die(2);
    fleet.wait(0);
    expect(deeds(fleet.to(2, { type: 'spawn-failed', error: 'no' }))).toEqual([]);
  });
});

describe('a feeder that dies', () => {
  it('starts again only when each living consumer has finished what it holds, or has exited', () => {
    const fleet = QueueFleet.running(queueGroup());
    expect(deeds(fleet.die(1))).toEqual([gone(1, 2), gone(1, 3)]);
    expect(deeds(fleet.wait(100))).toEqual([]);
    fleet.say(2, { type: 'drained', feeder: 1 });
    expect(deeds(fleet.wait(100))).toEqual([]);
    fleet.say(3, { type: 'drained', feeder: 1 });
    expect(deeds(fleet.wait(0))).toEqual(['spawn 1']);
    expect(deeds(fleet.boot(1))).toEqual([ready(2, 2), ready(2, 3)]);
  });

  it('waits for no consumer that has exited, and for no incarnation that was not told of it', () => {
    const fleet = QueueFleet.running(queueGroup());
    fleet.die(1);
    fleet.say(2, { type: 'drained', feeder: 1 });
    expect(deeds(fleet.die(3))).toEqual([]);
    expect(deeds(fleet.wait(0)).toSorted()).toEqual(['spawn 1', 'spawn 3']);
  });

  it('is not started for who has finished for one that is longer dead', () => {
    const fleet = QueueFleet.running(queueGroup({ consumers: { local: { instancesCount: 1 } } }));
    fleet.die(1);
    fleet.say(2, { type: 'drained', feeder: 1 });
    fleet.wait(0);
    fleet.boot(1);
    fleet.die(1);
    fleet.say(2, { type: 'drained', feeder: 1 });
    expect(deeds(fleet.wait(500))).toEqual([]);
    fleet.say(2, { type: 'drained', feeder: 2 });
    expect(deeds(fleet.wait(0))).toEqual(['spawn 1']);
  });

  it('its wait is logged once, after a second, with whom it waits for', () => {
    const fleet = QueueFleet.running(queueGroup());
    fleet.die(1);
    fleet.say(3, { type: 'drained', feeder: 1 });
    expect(fleet.wait(999)).toEqual([]);
    expect(fleet.wait(1)).toEqual(['log 1: Waits until its consumers have finished: Consumer - work/2/2']);
    expect(fleet.wait(1e9)).toEqual([]);
  });

  it('with an item timeout, who does not finish in that time and its grace is killed', () => {
    const fleet = QueueFleet.running(queueGroup({ itemTimeout: 3, abortGrace: 1 }));
    fleet.die(1);
    fleet.say(3, { type: 'drained', feeder: 1 });
    expect(deeds(fleet.wait(3999))).toEqual([]);
    expect(deeds(fleet.wait(1))).toEqual(['kill 2']);
    expect(deeds(fleet.die(2))).toEqual([]);
    expect(deeds(fleet.wait(0)).toSorted()).toEqual(['spawn 1', 'spawn 2']);
  });

  it('that was never ready is told to nobody, and waits for nobody', () => {
    const fleet = new QueueFleet(queueGroup());
    fleet.apply({ type: 'run' });
    for (const id of [2, 3]) fleet.boot(id);
    fleet.spawn(1);
    expect(deeds(fleet.die(1))).toEqual([]);
    expect(deeds(fleet.wait(0))).toEqual(['spawn 1']);
  });

  it('that adopts starts at once, and its consumers keep what they hold', () => {
    const fleet = QueueFleet.running(queueGroup(), true);
    expect(deeds(fleet.die(1))).toEqual([]);
    expect(deeds(fleet.wait(0))).toEqual(['spawn 1']);
    expect(deeds(fleet.boot(1, true))).toEqual([ready(2, 2), ready(2, 3)]);
  });

  it('that adopts but does not start again is told', () => {
    const fleet = QueueFleet.running(queueGroup({ maxRestarts: 0 }), true);
    expect(deeds(fleet.die(1))).toEqual([gone(1, 2), gone(1, 3), 'ask-to-stop 2', 'ask-to-stop 3']);
  });

  it('that adopts is told when the stop comes before its restart', () => {
    const fleet = QueueFleet.running(queueGroup({ restartDelay: 5 }), true);
    expect(deeds(fleet.die(1))).toEqual([]);
    expect(deeds(fleet.apply({ type: 'stop' }))).toEqual([gone(1, 2), gone(1, 3), 'ask-to-stop 2', 'ask-to-stop 3']);
  });
});

describe('a kill-request', () => {
  const request = { type: 'kill-request', id: 2, incarnation: 1, reason: 'Item 7 does not let go' } as const;

  it('kills that incarnation, which starts again whatever restart says, and slower when it repeats', () => {
    const fleet = QueueFleet.running(queueGroup({ restart: 'never', restartDelay: undefined }));
    expect(fleet.say(1, request)).toEqual(['warn 2: Item 7 does not let go, force kill', 'kill 2']);
    expect(fleet.say(1, request)).toEqual([]);
    expect(deeds(fleet.die(2))).toEqual([consumerGone(2, 1)]);
    expect(deeds(fleet.wait(0))).toEqual(['spawn 2']);
    fleet.boot(2);
    expect(deeds(fleet.say(1, { ...request, incarnation: 2 }))).toEqual(['kill 2']);
    fleet.die(2);
    expect(deeds(fleet.wait(99))).toEqual([]);
    expect(deeds(fleet.wait(1))).toEqual(['spawn 2']);
  });

  it('is never a reason to give up', () => {
    const fleet = QueueFleet.running(queueGroup({ maxRestarts: 1 }));
    for (let incarnation = 1; incarnation < 12; incarnation++) {
      fleet.say(1, { ...request, incarnation });
      fleet.die(2);
      fleet.wait(60_000);
      fleet.boot(2);
    }
    expect(fleet.stateOf(2)).toBe('running');
  });

  it('for another incarnation, or another process, does nothing', () => {
    const fleet = QueueFleet.running(queueGroup());
    for (const other of [{ incarnation: 2 }, { id: 1 }, { id: 99 }]) {
      expect(fleet.say(1, { ...request, ...other })).toEqual([]);
    }
  });

  it('its reason is cut', () => {
    const fleet = QueueFleet.running(queueGroup());
    const [line] = fleet.say(1, { ...request, reason: 'x'.repeat(1e6) });
    expect(line!.length).toBeLessThan(300);
  });
});

describe('a group that depends on a queue group', () => {
  const plain = { name: 'After', command: 'x', dependsOn: ['Queue'] };

  it('starts when the feeder and all consumers were ready', () => {
    const fleet = new QueueFleet(queueGroup(), plain);
    fleet.apply({ type: 'run' });
    expect(deeds([...fleet.boot(1), ...fleet.boot(2)])).not.toContain('spawn 4');
    expect(deeds(fleet.boot(3))).toEqual([ready(1, 3), 'spawn 4']);
  });

  it('starts on demand when as many consumers are ready as there are at least', () => {
    const fleet = new QueueFleet(onDemand({ minInstances: 1, maxInstances: 3 }), plain);
    expect(deeds(fleet.apply({ type: 'run' }))).toEqual(['spawn 1', 'spawn 2']);
    fleet.boot(1);
    expect(deeds(fleet.boot(2))).toContain('spawn 5');
  });

  it('starts when the feeder has done its work', () => {
    const fleet = new QueueFleet(queueGroup(), plain);
    fleet.apply({ type: 'run' });
    fleet.boot(1);
    expect(deeds(fleet.exit(1))).toContain('spawn 4');
  });

  it('fails when too many consumers have failed for good', () => {
    const fleet = new QueueFleet(queueGroup({ restart: 'never' }), plain);
    fleet.apply({ type: 'run' });
    fleet.spawn(2);
    fleet.die(2);
    expect(fleet.stateOf(4)).toBe('failed');
  });

  it('stops before it', () => {
    const fleet = new QueueFleet(queueGroup(), plain);
    fleet.apply({ type: 'run' });
    for (const id of [1, 2, 3, 4]) fleet.boot(id);
    expect(deeds(fleet.apply({ type: 'stop' }))).toEqual(['ask-to-stop 4']);
    expect(deeds(fleet.exit(4))).toEqual(['ask-to-stop 2', 'ask-to-stop 3']);
  });
});

it('a queue group starts when what it depends on is ready, and only its first consumers', () => {
  const fleet = new QueueFleet(
    { name: 'Before', command: 'x' },
    onDemand({ minInstances: 1, maxInstances: 3 }, { dependsOn: ['Before'] }),
  );
  expect(deeds(fleet.apply({ type: 'run' }))).toEqual(['spawn 1']);
  expect(fleet.states).toBe('starting,waiting,waiting,created,created');
  expect(deeds(fleet.boot(1))).toEqual(['spawn 2', 'spawn 3']);
});
