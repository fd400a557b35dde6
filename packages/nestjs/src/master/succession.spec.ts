import { ConfigError, LauncherStateError, type Logger } from '@distributed-architecture/core';
import { describe, expect, it, vi } from 'vitest';
import type { MasterSettings } from './master-settings.js';
import { Succession } from './succession.js';

const WRONG = new ConfigError([{ path: 'groups.A.timeout', message: 'found "abc"' }]);

function setUp({ isDetached = true } = {}) {
  const stop = vi.fn<() => Promise<void>>(async () => {});
  const readConfiguration = vi.fn<() => Promise<unknown>>(async () => ({}));
  const wasStopped = vi.fn<() => boolean>(() => false);
  const logger = { log: () => {}, error: () => {} } as unknown as Logger;
  // Without a log nobody can follow: no program is started here.
  const settings = { log: {} } as MasterSettings;
  const parts = { launcher: { stop }, settings, logger, isDetached, wasStopped, readConfiguration };
  return { stop, readConfiguration, wasStopped, succession: new Succession(parts) };
}

describe('a service that is to start anew', () => {
  it('reads the configuration before it stops, once', async () => {
    const { stop, succession } = setUp();
    await Promise.all([succession.request!(), succession.request!()]);
    expect(stop).toHaveBeenCalledTimes(1);
    expect(await succession.follow(0)).toBe(0);
  });

  it('goes on when its configuration is wrong by now, and does it when that is put right', async () => {
    const { stop, readConfiguration, succession } = setUp();
    readConfiguration.mockRejectedValueOnce(WRONG);
    await expect(succession.request!()).rejects.toBe(WRONG);
    expect(stop).not.toHaveBeenCalled();
    await succession.request!();
    expect(stop).toHaveBeenCalledTimes(1);
  });

  it('is not, once an end was asked for, also while the configuration is read', async () => {
    const { stop, wasStopped, succession } = setUp();
    wasStopped.mockReturnValue(true);
    await expect(succession.request!()).rejects.toThrow(LauncherStateError);
    wasStopped.mockReturnValue(false);
    const request = succession.request!();
    succession.cancel();
    await expect(request).rejects.toThrow('Not now: the master stops');
    expect(stop).not.toHaveBeenCalled();
  });

  it('in the foreground cannot', () => {
    expect(setUp({ isDetached: false }).succession.request).toBeUndefined();
  });
});
