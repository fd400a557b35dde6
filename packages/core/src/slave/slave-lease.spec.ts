import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { leaseMessage } from '../channel/lease-message.js';
import { SlaveLease } from './slave-lease.js';

let told: string[];
let lease: SlaveLease;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'hrtime'] });
  told = [];
  lease = new SlaveLease({
    askToStop: () => told.push('stop'),
    kill: () => told.push('kill'),
  });
});

afterEach(() => void vi.useRealTimers());

/** Time passes; then what has arrived is read. */
async function pass(ms: number): Promise<void> {
  vi.advanceTimersByTime(ms);
  await turn();
}

describe('SlaveLease', () => {
  it('without one a slave goes on for ever', async () => {
    await pass(1e9);
    await lease.check();
    lease.endIfOver();
    expect(told).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('asks for a stop at half of it, kills at its end', async () => {
    lease.renew(leaseMessage(30));
    await pass(14_999);
    expect(told).toEqual([]);
    await pass(1);
    expect(told).toEqual(['stop']);
    await pass(14_999);
    expect(told).toEqual(['stop']);
    await pass(1);
    expect(told).toEqual(['stop', 'kill']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('goes on as long as it is renewed', async () => {
    for (let i = 0; i < 10; i++) {
      lease.renew(leaseMessage(30));
      await pass(14_000);
    }
    expect(told).toEqual([]);
    expect(vi.getTimerCount()).toBe(1);
  });

  it('counts from when a renewal was sent, not from when it was read', async () => {
    const stale = leaseMessage(30);
    vi.advanceTimersByTime(10_000);
    lease.renew(stale);
    await pass(5000);
    expect(told).toEqual(['stop']);
    vi.advanceTimersByTime(4000);
    lease.renew(stale);
    await pass(1);
    await pass(10_998);
    expect(told).toEqual(['stop', 'stop']);
    await pass(1);
    expect(told).toEqual(['stop', 'stop', 'kill']);
  });

  it('a renewal that says nothing of its time, or of a time to come, counts from its receipt', async () => {
    lease.renew({ type: 'lease', seconds: 30, sentAt: leaseMessage(0).sentAt! + 1e6 });
    await pass(14_000);
    lease.renew({ type: 'lease', seconds: 30 });
    await pass(14_000);
    expect(told).toEqual([]);
    await pass(1000);
    expect(told).toEqual(['stop']);
  });

  it('a slave that was only busy reads the renewals that have waited before it judges', async () => {
    lease.renew(leaseMessage(1));
    const waiting = [leaseMessage(1)];
    vi.advanceTimersByTime(60_000);
    waiting.push(leaseMessage(1));
    for (const renewal of waiting) lease.renew(renewal);
    await turn();
    expect([told, lease.inDoubt]).toEqual([[], false]);
  });

  it('after a machine was frozen nothing is begun: old renewals renew nothing', async () => {
    lease.renew(leaseMessage(30));
    const unread = leaseMessage(30);
    // The clock has gone on, but no timer has fired yet.
    const frozen = vi.spyOn(process.hrtime, 'bigint').mockReturnValue(process.hrtime.bigint() + 60_000_000_000n);
    const check = lease.check();
    lease.renew(unread);
    await check;
    expect(told[0]).toBe('kill');
    frozen.mockRestore();
  });

  it('at the half of it, a check asks for the stop before the timer does', async () => {
    lease.renew(leaseMessage(30));
    const half = vi.spyOn(process.hrtime, 'bigint').mockReturnValue(process.hrtime.bigint() + 15_000_000_000n);
    await lease.check();
    expect([told, lease.inDoubt]).toEqual([['stop'], true]);
    half.mockRestore();
  });

  it('who cannot read meanwhile is killed at its end', async () => {
    lease.renew(leaseMessage(30));
    await pass(29_999);
    lease.endIfOver();
    expect(told).toEqual(['stop']);
    vi.advanceTimersByTime(1);
    lease.endIfOver();
    expect(told).toEqual(['stop', 'kill']);
    await turn();
  });

  it('closed, it counts no more, unless it is in doubt already', async () => {
    lease.renew(leaseMessage(30));
    lease.close();
    await pass(60_000);
    expect(told).toEqual([]);
    lease.renew(leaseMessage(30));
    await pass(15_000);
    lease.close();
    await pass(15_000);
    expect(told).toEqual(['stop', 'kill']);
  });

  it('a lease that is longer than a timer can be does not end at once', async () => {
    lease.renew(leaseMessage(1e9));
    await pass(1000);
    expect(told).toEqual([]);
    expect(vi.getTimerCount()).toBe(1);
  });
});

describe('whether it is held', () => {
  it('is told at the moment: not from half of it on, whatever was looked at', () => {
    expect(lease.held).toBe(true);
    lease.renew(leaseMessage(30));
    const { hrtime } = process;
    const real = hrtime.bigint();
    const time = vi.spyOn(process.hrtime, 'bigint').mockReturnValue(real + 14_999_000_000n);
    expect(lease.held).toBe(true);
    time.mockReturnValue(real + 15_001_000_000n);
    expect(lease.held).toBe(false);
    time.mockRestore();
  });

  it('is not, after a machine was suspended: its monotonic time stood still, that of the day did not', () => {
    const waiting = leaseMessage(30);
    lease.renew(leaseMessage(30));
    const now = Date.now();
    const date = vi.spyOn(Date, 'now').mockReturnValue(now + 60_000);
    expect(lease.held).toBe(false);
    lease.renew(waiting);
    expect(lease.held).toBe(false);
    lease.renew(leaseMessage(30));
    expect(lease.held).toBe(true);
    date.mockRestore();
  });
});
