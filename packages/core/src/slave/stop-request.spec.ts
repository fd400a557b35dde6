import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StopRequest } from './stop-request.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('StopRequest', () => {
  it('a wait ends true after its time', async () => {
    const request = new StopRequest();
    const wait = request.wait(1000);
    vi.advanceTimersByTime(1000);
    expect(await wait).toBe(true);
  });

  it('a stop ends all waits at once, false', async () => {
    const request = new StopRequest();
    const waits = [request.wait(1000), request.wait(2000)];
    request.ask();
    expect(await Promise.all(waits)).toEqual([false, false]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('after a stop no wait begins', async () => {
    const request = new StopRequest();
    request.ask();
    request.ask();
    expect(await request.wait(1000)).toBe(false);
    expect([request.asked, request.signal.aborted]).toEqual([true, true]);
  });

  it('leaves no listener behind, however many waits there were', async () => {
    const request = new StopRequest();
    for (let i = 0; i < 50; i++) {
      const wait = request.wait(1);
      vi.advanceTimersByTime(1);
      await wait;
    }
    expect(getEventListeners(request.signal, 'abort')).toEqual([]);
  });
});
