import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Systemd } from './systemd.js';

function setUp(more: NodeJS.ProcessEnv = {}) {
  const env: NodeJS.ProcessEnv = { NOTIFY_SOCKET: '/run/notify', PATH: '/bin', ...more };
  const states: string[] = [];
  const notify = (state: readonly string[]): void => void states.push(state[0]!);
  return { env, states, systemd: new Systemd({ env, warn: () => {}, notify }) };
}

describe('Systemd', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is told in its words, and what we start does not know of it', () => {
    const { env, states, systemd } = setUp();
    systemd.ready('2 processes');
    systemd.reloading();
    systemd.reloaded();
    systemd.stopping();
    expect(states).toEqual(['READY=1', 'RELOADING=1', 'READY=1', 'STOPPING=1']);
    expect(env).toEqual({ PATH: '/bin' });
  });

  it('gets its watchdog fed at half the time, as long as the launcher does something', () => {
    const { states, systemd } = setUp({ WATCHDOG_USEC: '4000000', WATCHDOG_PID: String(process.pid) });
    systemd.ready('');
    systemd.turned();
    vi.advanceTimersByTime(2000);
    expect(states).toEqual(['READY=1', 'WATCHDOG=1']);
    vi.advanceTimersByTime(20_000);
    expect(states).toHaveLength(2);
    systemd.turned();
    vi.advanceTimersByTime(2000);
    expect(states).toHaveLength(3);
    systemd.close();
    systemd.turned();
    vi.advanceTimersByTime(20_000);
    expect(states).toHaveLength(3);
  });

  it.each([{ WATCHDOG_PID: '1', WATCHDOG_USEC: '4000000' }, { WATCHDOG_USEC: 'x' }])(
    'has no watchdog of ours with %j',
    (env) => {
      const { states, systemd } = setUp(env);
      systemd.ready('');
      systemd.turned();
      vi.advanceTimersByTime(60_000);
      expect(states).toEqual(['READY=1']);
    },
  );

  it('where there is none nobody is told', () => {
    const notify = vi.fn<() => void>();
    const systemd = new Systemd({ env: {}, warn: () => {}, notify });
    systemd.ready('');
    systemd.stopping();
    expect(notify).not.toHaveBeenCalled();
  });
});
