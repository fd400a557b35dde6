import { describe, expect, it, vi } from 'vitest';
import { consume, type LaunchedConsumer } from './consumer-process.js';
import { playLauncher } from './launched-process.spec.helper.js';

function playConsumer() {
  const running = Promise.withResolvers<void>();
  const drained = Promise.withResolvers<void>();
  const client = {
    feederReady: vi.fn<LaunchedConsumer['feederReady']>(),
    feederGone: vi.fn<LaunchedConsumer['feederGone']>(() => drained.promise),
    run: () => running.promise,
    stop: vi.fn<LaunchedConsumer['stop']>(async () => running.resolve()),
  };
  return { client, running, drained };
}

describe('a consumer under its launcher', () => {
  it('learns where its feeder is', () => {
    const launcher = playLauncher('consumer');
    const { client } = playConsumer();
    void consume(client, launcher);
    launcher.tell({ type: 'feeder-ready', incarnation: 2, address: { path: '/run/feed-1.2' } });
    expect(client.feederReady.mock.calls).toEqual([[{ path: '/run/feed-1.2' }, 2]]);
  });

  it('says that it is drained when nothing is begun any more', async () => {
    const launcher = playLauncher('consumer');
    const { client, drained } = playConsumer();
    void consume(client, launcher);
    launcher.tell({ type: 'feeder-gone', incarnation: 2 });
    expect(client.feederGone.mock.calls).toEqual([[2]]);
    expect(launcher.said).toEqual([]);
    drained.resolve();
    await vi.waitFor(() => expect(launcher.said).toEqual([{ type: 'drained', feeder: 2 }]));
  });

  it('logs when it cannot be drained', async () => {
    const launcher = playLauncher('consumer');
    const { client, drained } = playConsumer();
    void consume(client, launcher);
    launcher.tell({ type: 'feeder-gone', incarnation: 2 });
    const error = new Error('broken');
    drained.reject(error);
    await vi.waitFor(() => expect(launcher.slave.logger.error).toHaveBeenCalledWith(error));
  });

  it('stops when it is asked to', async () => {
    const launcher = playLauncher('consumer');
    const { client } = playConsumer();
    const consumed = consume(client, launcher);
    launcher.askToStop();
    await consumed;
    expect(client.stop).toHaveBeenCalledTimes(1);
  });

  it('fails when its feeder refuses it', async () => {
    const { client, running } = playConsumer();
    running.reject(new Error('refused'));
    await expect(consume(client, playLauncher('consumer'))).rejects.toThrow('refused');
  });
});
