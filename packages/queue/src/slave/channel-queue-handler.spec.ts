import { expect, it, vi } from 'vitest';
import { ChannelQueueHandler } from './channel-queue-handler.js';
import { playHandler } from './launched-process.spec.helper.js';

it('is the handler of the slave, with a role and a wake', async () => {
  const stop = new AbortController();
  const ping = vi.fn<() => void>();
  const ready = vi.fn<() => void>();
  const slave = Object.assign(playHandler(stop.signal), { ping, ready });
  const wake = vi.fn<() => void>();
  const handler = new ChannelQueueHandler(slave, { role: 'feeder', logger: slave.logger, wake });
  const { id, groupId, groupCount, incarnation, epoch, groupConfig, signal } = slave;
  expect(handler).toMatchObject({ id, groupId, groupCount, incarnation, epoch, groupConfig, signal, role: 'feeder' });
  handler.ping();
  handler.ready();
  handler.wake();
  for (const called of [ping, ready, wake]) expect(called).toHaveBeenCalledTimes(1);
  expect(handler.mustStop).toBe(false);
  stop.abort();
  expect(handler.mustStop).toBe(true);
  expect(await handler.sleep(1)).toBe(false);
});
