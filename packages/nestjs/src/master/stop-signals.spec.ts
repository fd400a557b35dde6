import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { StopSignals } from './stop-signals.js';

function setUp() {
  const launcher = {
    stop: vi.fn<() => Promise<void>>(async () => {}),
    kill: vi.fn<() => Promise<void>>(async () => {}),
  };
  const log = vi.fn<(message: string) => void>();
  const source = new EventEmitter();
  const clock = { now: 1000 };
  const signals = new StopSignals(launcher, log, source, () => clock.now);
  signals.listen();
  return { launcher, log, signals, send: (signal: string) => source.emit(signal, signal), source, clock };
}

describe('StopSignals', () => {
  it('stops cleanly on the first signal', () => {
    const { launcher, log, signals, send } = setUp();
    send('SIGTERM');
    expect(log.mock.calls).toEqual([['Received SIGTERM, stopping']]);
    expect(launcher.stop).toHaveBeenCalledTimes(1);
    expect(launcher.kill).not.toHaveBeenCalled();
    expect(signals.exitCode).toBeUndefined();
  });

  it('kills on the second and takes its exit code, whatever comes after', () => {
    const { launcher, signals, send } = setUp();
    send('SIGTERM');
    send('SIGINT');
    send('SIGTERM');
    expect(launcher.kill).toHaveBeenCalled();
    expect(signals.exitCode).toBe(130);
  });

  it('takes the same signal again within an instant for the echo of one Ctrl-C', () => {
    const { launcher, signals, send, clock } = setUp();
    send('SIGINT');
    clock.now += 199;
    send('SIGINT');
    expect(launcher.kill).not.toHaveBeenCalled();
    clock.now += 1;
    send('SIGINT');
    expect(launcher.kill).toHaveBeenCalled();
    expect(signals.exitCode).toBe(130);
  });

  it('does not take the second hang-up of a closed terminal for a wish to kill', () => {
    const { launcher, send } = setUp();
    send('SIGHUP');
    send('SIGHUP');
    expect(launcher.kill).not.toHaveBeenCalled();
  });

  it('leaves signals alone when it is told to forget', () => {
    const { source, signals } = setUp();
    signals.forget();
    expect(source.eventNames()).toEqual([]);
  });
});
