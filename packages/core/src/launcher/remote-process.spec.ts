import { expect, it } from 'vitest';
import { EventBus } from '../events/event-bus.js';
import type { ProcessEffect } from '../process/process-decision.js';
import { createRecord } from '../process/process-record.js';
import { ManualClock } from '../testing/manual-clock.js';
import { listProcesses } from '../testing/process-specs.js';
import { RecordingSink } from '../testing/recording-sink.js';
import { NO_DEMAND, queueGroup } from './queue-fleet.spec.helper.js';
import { RemoteProcess } from './remote-process.js';

/** Feeder 1 and consumer 2, in their third life. */
function played() {
  const done: string[] = [];
  const specs = listProcesses([queueGroup()]);
  const [feeder, consumer] = specs.map((spec) => {
    const { id } = spec;
    const process = new RemoteProcess(spec, {
      clock: new ManualClock(),
      sink: new RecordingSink(),
      bus: new EventBus(() => {}),
      record: () => createRecord(spec, 4),
      post: (to, { type }) => void done.push(`${type} ${to}`),
      postToQueue: (from, { type }, incarnation) => void done.push(`${type} of ${from}.${incarnation}`),
    });
    process.connect({
      want: (wanted) => void done.push(`want ${wanted} ${id}`),
      tell: (incarnation, { type }) => void done.push(`tell ${id}.${incarnation} ${type}`),
      clear: (incarnation) => void done.push(`clear ${id}.${incarnation}`),
      forget: () => void done.push(`forget ${id}`),
    });
    return process;
  });
  return { feeder: feeder!, consumer: consumer!, done };
}

it('is heard in its role only, as the incarnation that has spoken', () => {
  const { feeder, consumer, done } = played();
  consumer.relayed(2, { type: 'kill-request', id: 3, incarnation: 1, reason: 'a grudge' });
  feeder.relayed(2, { type: 'drained', feeder: 1 });
  expect(done).toEqual([]);
  feeder.relayed(2, NO_DEMAND);
  consumer.relayed(3, { type: 'drained', feeder: 1 });
  expect(done).toEqual(['seen 1', 'demand of 1.2', 'seen 2', 'drained of 2.3']);
});

it.each<[ProcessEffect, string]>([
  [{ type: 'spawn' }, 'want run 1'],
  [{ type: 'ask-to-stop' }, 'want stop 1'],
  [{ type: 'kill' }, 'want kill 1'],
  [{ type: 'item-timeout', reason: 'Item 7 hangs' }, 'tell 1.3 item-timeout'],
  [{ type: 'clear', incarnation: 2 }, 'clear 1.2'],
])('%o is carried by its link', (effect, expected) => {
  const { feeder, done } = played();
  feeder.carryOut(effect);
  expect(done).toEqual([expected]);
});
