import { expect, it } from 'vitest';
import { QueueFleet, queueGroup } from './queue-fleet.spec.helper.js';
import { viewOf } from './queue-counts.js';

const view = (fleet: QueueFleet) => viewOf(fleet.state.queues.get('Queue')!, fleet.now);

it('nothing is known before the feeder has said something', () => {
  const none = { waiting: 0, held: 0, done: 0, failed: 0, consumers: 0, rate: 0, timeToClear: undefined };
  expect(view(new QueueFleet(queueGroup()))).toEqual({ group: 'Queue', ...none });
});

it('what the feeder has said; what was done in the lives before is kept', () => {
  const fleet = QueueFleet.running(queueGroup());
  fleet.demand({ waiting: 5, held: 3, consumers: 2, done: 10, failed: 1, clearMs: 20 });
  expect(view(fleet)).toMatchObject({ waiting: 5, held: 3, consumers: 2, done: 10, failed: 1, timeToClear: 0.02 });
  fleet.die(1);
  expect(view(fleet)).toMatchObject({ waiting: 0, held: 0, consumers: 0, done: 10, failed: 1, timeToClear: undefined });
  for (const id of [2, 3]) fleet.say(id, { type: 'drained', feeder: 1 });
  fleet.wait(0);
  fleet.boot(1);
  fleet.demand({ done: 5, failed: 2 });
  expect(view(fleet)).toMatchObject({ done: 15, failed: 3 });
});

it('the rate is that of the last 10 seconds', () => {
  const fleet = QueueFleet.running(queueGroup());
  let done = 0;
  const work = (seconds: number, rate: number): void => {
    for (let step = 0; step < seconds * 10; step++) {
      fleet.now += 100;
      fleet.demand({ done: (done += rate / 10) });
    }
  };
  fleet.demand({});
  work(5, 100);
  expect(view(fleet).rate).toBeCloseTo(100, 5);
  work(20, 300);
  expect(view(fleet).rate).toBeCloseTo(300, 5);
  work(12, 0);
  expect(view(fleet).rate).toBe(0);
  expect(fleet.state.queues.get('Queue')!.counts.samples.length).toBeLessThan(25);
});
