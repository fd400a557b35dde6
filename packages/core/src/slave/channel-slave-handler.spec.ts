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
  const sent: string[] = [];
  const check = vi.fn(async () => {});
  const handler = new ChannelSlaveHandler(
    { type: 'start', protocol: 1, ...ids, config },
    {
      logger: new ChannelLogger(() => {}).logger,
      stopRequest: stop,
      lease: { check },
      sendPing: () => sent.push('ping'),
      sayReady: () => sent.push('ready'),
    },
  );
  return { handler, stop, ids, sent, check, pings: () => sent.length };
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

  it('pings by itself when told to, as long as that lasts', () => {
    const { handler, pings } = open({ timeout: 3 });
    const end = handler.keepPinging();
    vi.advanceTimersByTime(10_000);
    expect(pings()).toBe(10);
    end();
    vi.advanceTimersByTime(10_000);
    expect(pings()).toBe(10);
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

  it('says that it is ready', () => {
    const { handler, sent } = open();
    handler.ready();
    expect(sent).toEqual(['ready']);
  });

  it('a ping may go along with something else while it sleeps, also before it is due', async () => {
    const { handler, stop, pings } = open({ timeout: 30 });
    expect(handler.takePingAlong()).toBe(false);
    const sleep = handler.sleep(3600);
    await vi.advanceTimersByTimeAsync(249);
    expect(handler.takePingAlong()).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect([handler.takePingAlong(), handler.takePingAlong()]).toEqual([true, false]);
    // From now on it never has to ping by itself.
    for (let i = 0; i < 5; i++) {
      await vi.advanceTimersByTimeAsync(5000);
      expect(handler.takePingAlong()).toBe(true);
    }
    expect(pings()).toBe(1);
    stop.ask();
    await sleep;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(handler.takePingAlong()).toBe(false);
  });

  it('looks at its lease before it goes on: what that asks for is seen at once', async () => {
    const { handler, stop, check } = open();
    check.mockImplementation(async () => stop.ask());
    const sleep = handler.sleep(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await sleep).toBe(false);
  });
});
