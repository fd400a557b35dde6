import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { EventBus } from './event-bus.js';
import { MasterStartedEvent } from './lifecycle-events.js';

const EVENT = new MasterStartedEvent({ isMaster: true, isRunning: true, processes: [], groups: [], queues: [] });

function openBus() {
  const errors: string[] = [];
  const bus = new EventBus((name, error) => errors.push(`${name}: ${String(error)}`));
  return { bus, errors };
}

it('hands an event to all its listeners in their order, and to no others', () => {
  const { bus } = openBus();
  const calls: unknown[] = [];
  bus.on('master_started', (event) => calls.push(['first', event]));
  bus.on('master_started', (event) => calls.push(['second', event]));
  bus.on('master_stopped', () => calls.push('wrong'));
  bus.publish('master_started', EVENT);
  expect(calls).toEqual([
    ['first', EVENT],
    ['second', EVENT],
  ]);
});

it('a listener that throws or rejects is reported, the others are called', async () => {
  const { bus, errors } = openBus();
  let called = 0;
  bus.on('master_started', () => {
    throw new Error('thrown');
  });
  bus.on('master_started', async () => {
    throw new Error('rejected');
  });
  bus.on('master_started', () => called++);
  bus.publish('master_started', EVENT);
  await turn();
  expect(errors).toEqual(['master_started: Error: thrown', 'master_started: Error: rejected']);
  expect(called).toBe(1);
});

it('off removes one registration of a listener, unknown ones harm nothing', () => {
  const { bus } = openBus();
  let called = 0;
  const listener = (): number => called++;
  bus.on('master_started', listener);
  bus.on('master_started', listener);
  bus.off('master_started', listener);
  bus.off('master_started', () => {});
  bus.publish('master_started', EVENT);
  expect(called).toBe(1);
  bus.off('master_started', listener);
  expect(bus.has('master_started')).toBe(false);
});

it('a listener that is added or removed during a publication counts from the next one', () => {
  const { bus } = openBus();
  const calls: string[] = [];
  const once = (): void => {
    calls.push('once');
    bus.off('master_started', once);
    bus.on('master_started', () => calls.push('later'));
  };
  bus.on('master_started', once);
  bus.publish('master_started', EVENT);
  expect(calls).toEqual(['once']);
  bus.publish('master_started', EVENT);
  expect(calls).toEqual(['once', 'later']);
});
