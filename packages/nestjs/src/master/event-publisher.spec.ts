import { MasterStartedEvent } from '@distributed-architecture/core';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { describe, expect, it, vi } from 'vitest';
import { EventPublisher } from './event-publisher.js';

const NAME = MasterStartedEvent.NAME;
const event = new MasterStartedEvent({ isMaster: true, isRunning: true, processes: [], groups: [], queues: [] });

function setUp(options?: ConstructorParameters<typeof EventEmitter2>[0]) {
  const emitter = new EventEmitter2(options);
  const onError = vi.fn<(name: string, error: unknown) => void>();
  return { emitter, onError, publisher: new EventPublisher(emitter, onError) };
}

describe.each([[undefined], [{ wildcard: true }], [{ wildcard: true, delimiter: ':' }]])(
  'EventPublisher on %j',
  (options) => {
    it('calls every listener with the event, those for any event with its name first', () => {
      const { emitter, publisher } = setUp(options);
      const [one, two, any] = [vi.fn<() => void>(), vi.fn<() => void>(), vi.fn<() => void>()];
      emitter.on(NAME, one);
      emitter.on(NAME, two);
      emitter.onAny(any);
      publisher.publish(NAME, event);
      expect(one).toHaveBeenCalledExactlyOnceWith(event);
      expect(two).toHaveBeenCalledExactlyOnceWith(event);
      expect(any).toHaveBeenCalledExactlyOnceWith(NAME, event);
    });

    it('calls a once listener once', () => {
      const { emitter, publisher } = setUp(options);
      const listener = vi.fn<() => void>();
      emitter.once(NAME, listener);
      publisher.publish(NAME, event);
      publisher.publish(NAME, event);
      expect(listener).toHaveBeenCalledTimes(1);
    });

    it('reports what listeners throw or reject with, once each, and calls the others', async () => {
      const { emitter, onError, publisher } = setUp(options);
      const last = vi.fn<() => void>();
      const thrown = new Error('thrown');
      const rejected = new Error('rejected');
      emitter.on(NAME, () => {
        throw thrown;
      });
      emitter.on(NAME, vi.fn<() => unknown>().mockRejectedValue(rejected));
      emitter.on(NAME, last);
      publisher.publish(NAME, event);
      await Promise.resolve();
      await Promise.resolve();
      expect(last).toHaveBeenCalledTimes(1);
      expect(onError.mock.calls).toEqual([
        [NAME, thrown],
        [NAME, rejected],
      ]);
    });
  },
);

describe('a wildcard listener', () => {
  it('gets the event and can read its name', () => {
    const { emitter, publisher } = setUp({ wildcard: true });
    const names: unknown[] = [];
    emitter.on('distributed_architecture.*', function (this: { event: unknown }) {
      names.push(this.event);
    });
    publisher.publish(NAME, event);
    expect(names).toEqual([NAME]);
  });
});
