import type { ItemContext, QueueHandler } from '@distributed-architecture/queue';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { expect, it, vi } from 'vitest';
import { ListenerCaller } from '../events/listener-caller.js';
import { withItemEvents } from './item-events.js';
import { QueueItemFailedEvent, QueueItemHandledEvent, QueueItemReceivedEvent } from './queue-item-events.js';

const handler = { id: 2 } as Partial<QueueHandler> as QueueHandler;

function setUp(handle: (item: string) => void | Promise<void>) {
  const emitter = new EventEmitter2();
  const problems: string[] = [];
  const listeners = new ListenerCaller(emitter, (name, error) => problems.push(`${name}: ${String(error)}`));
  const handling = withItemEvents<string>((_handler, item) => handle(item), listeners);
  return { emitter, problems, run: (item: string) => handling(handler, item, {} as ItemContext) };
}

/** Listeners are looked for once a turn of the event loop. */
const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(() => setImmediate(resolve)));

it('publishes what becomes of an item', async () => {
  const seen: unknown[] = [];
  const broken = new Error('broken');
  const { emitter, run } = setUp(async (item) => {
    seen.push(`handling ${item}`);
    if (item === 'bad') throw broken;
  });
  for (const event of [QueueItemReceivedEvent, QueueItemHandledEvent, QueueItemFailedEvent])
    emitter.on(event.NAME, (given) => seen.push(given));
  await run('good');
  expect(seen.splice(0)).toEqual([
    new QueueItemReceivedEvent(handler, 'good'),
    'handling good',
    new QueueItemHandledEvent(handler, 'good'),
  ]);
  await expect(run('bad')).rejects.toBe(broken);
  expect(seen).toEqual([
    new QueueItemReceivedEvent(handler, 'bad'),
    'handling bad',
    new QueueItemFailedEvent(handler, 'bad', broken),
  ]);
});

it('costs nothing while nobody listens: no promise, no event', async () => {
  const { emitter, run } = setUp(() => {});
  const listeners = vi.spyOn(emitter, 'listeners');
  expect(run('a')).toBeUndefined();
  expect(run('b')).toBeUndefined();
  expect(listeners).not.toHaveBeenCalled();
});

it('notices listeners that come later, also those of all events', async () => {
  const { emitter, run } = setUp(() => {});
  expect(run('a')).toBeUndefined();
  const names: unknown[] = [];
  emitter.onAny((name) => names.push(name));
  await nextTurn();
  await run('b');
  expect(names).toEqual([QueueItemReceivedEvent.NAME, QueueItemHandledEvent.NAME]);
});

it('a listener that throws or rejects is reported and harms nothing', async () => {
  const { emitter, problems, run } = setUp(() => {});
  emitter.on(QueueItemReceivedEvent.NAME, () => {
    throw new Error('raw');
  });
  const rejecting: () => unknown = () => Promise.reject(new Error('late'));
  emitter.on(QueueItemHandledEvent.NAME, rejecting);
  await run('a');
  await nextTurn();
  expect(problems).toEqual([
    'distributed_architecture.queue_item_received: Error: raw',
    'distributed_architecture.queue_item_handled: Error: late',
  ]);
});
