import { describe, expect, it, vi } from 'vitest';
import { serve, type ServedFeeder } from './feeder-process.js';
import { playLauncher } from './launched-process.spec.helper.js';

function playFeeder() {
  const listening = Promise.withResolvers<void>();
  const running = Promise.withResolvers<void>();
  const feeder = {
    adopts: true,
    listen: () => listening.promise,
    run: () => running.promise,
    stop: vi.fn<ServedFeeder['stop']>(async () => {
      listening.resolve();
      running.resolve();
    }),
    consumerGone: vi.fn<ServedFeeder['consumerGone']>(),
    letGo: vi.fn<ServedFeeder['letGo']>(),
  };
  return { feeder, listening, running };
}

describe('a feeder under its launcher', () => {
  it('is ready when it listens, and ends when all is answered', async () => {
    const launcher = playLauncher('feeder');
    const { feeder, listening, running } = playFeeder();
    const served = serve(feeder, launcher);
    expect(launcher.said).toEqual([]);
    listening.resolve();
    await vi.waitFor(() => expect(launcher.said).toEqual([{ ready: true }]));
    running.resolve();
    await served;
    expect(feeder.stop).not.toHaveBeenCalled();
  });

  it('learns which consumers are gone, and how many may go', () => {
    const launcher = playLauncher('feeder');
    const { feeder } = playFeeder();
    void serve(feeder, launcher);
    launcher.tell({ type: 'consumer-gone', id: 3, incarnation: 2 });
    launcher.tell({ type: 'let-go', count: 4 });
    launcher.tell({ type: 'feeder-gone', incarnation: 1 });
    expect(feeder.consumerGone.mock.calls).toEqual([[3, 2]]);
    expect(feeder.letGo.mock.calls).toEqual([[4, undefined]]);
  });

  it('stops when it is asked to, also while it waits for its port, and is then not ready', async () => {
    const launcher = playLauncher('feeder');
    const { feeder } = playFeeder();
    const served = serve(feeder, launcher);
    launcher.askToStop();
    await served;
    expect(feeder.stop).toHaveBeenCalledTimes(1);
    expect(launcher.said).toEqual([]);
  });

  it('fails when its source cannot be opened, or when its stop fails', async () => {
    const launcher = playLauncher('feeder');
    const { feeder, listening } = playFeeder();
    listening.reject(new Error('no such table'));
    await expect(serve(feeder, launcher)).rejects.toThrow('no such table');
    const other = playFeeder();
    other.feeder.stop.mockImplementation(async () => {
      other.listening.resolve();
      other.running.resolve();
      throw new Error('cannot close');
    });
    launcher.askToStop();
    await expect(serve(other.feeder, launcher)).rejects.toThrow('cannot close');
  });
});
