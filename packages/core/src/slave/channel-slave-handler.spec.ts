import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GroupOptions } from '../config/group-config.js';
import { resolveGroup } from '../config/resolve-group.js';
import { group } from '../testing/process-specs.js';
import { ChannelLogger } from './channel-logger.js';
import { ChannelSlaveHandler } from './channel-slave-handler.js';
import { StopRequest } from './stop-request.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open(options: Partial<GroupOptions> = {}) {
  const stop = new StopRequest();
  const config = resolveGroup(group({ params: { list: [{ a: 1 }] }, ...options }));
  const ids = { id: 3, groupId: 2, groupCount: 2, incarnation: 4, epoch: 5 };
  let pings = 0;
  const handler = new ChannelSlaveHandler(
    { type: 'start', protocol: 1, ...ids, config },
    new ChannelLogger(() => {}).logger,
    stop,
    () => pings++,
  );
  return { handler, stop, ids, pings: () => pings };
}

describe('ChannelSlaveHandler', () => {
  it('knows who it is; its configuration cannot be changed', () => {
    const { handler, ids } = open();
    expect(handler).toMatchObject(ids);
    expect(() => handler.groupConfig.params.list[0].a++).toThrow(TypeError);
  });

  it('pings at most every min(5 s, timeout / 3)', () => {
    const { handler, pings } = open({ timeout: 3 });
    for (let ms = 0; ms < 3000; ms += 10) {
      handler.ping();
      vi.advanceTimersByTime(10);
    }
    expect(pings()).toBe(3);
  });

  it('sleep waits its time, pinging meanwhile', async () => {
    const { handler, pings } = open({ timeout: 30 });
    const sleep = handler.sleep(12);
    await vi.advanceTimersByTimeAsync(11_999);
    expect(pings()).toBe(3);
    await vi.advanceTimersByTimeAsync(1);
    expect(await sleep).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('sleep ends false as soon as a stop is asked', async () => {
    const { handler, stop } = open();
    const sleep = handler.sleep(3600);
    stop.ask();
    expect(await sleep).toBe(false);
    expect(handler.mustStop).toBe(true);
    expect(await handler.sleep(3600)).toBe(false);
  });

  it.each([0, -1, Number.NaN])('sleep(%d) gives way for one turn', async (seconds) => {
    const { handler } = open();
    const sleep = handler.sleep(seconds);
    await vi.advanceTimersByTimeAsync(1);
    expect(await sleep).toBe(true);
  });
});
