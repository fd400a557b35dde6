import { beforeEach, describe, expect, it } from 'vitest';
import { consumerKey } from '../channel/consumer-key.js';
import type { StartMessage } from '../channel/launcher-message.js';
import { EventBus } from '../events/event-bus.js';
import { FakeHost } from '../testing/fake-host.js';
import { ManualClock } from '../testing/manual-clock.js';
import { RecordingSink } from '../testing/recording-sink.js';
import { LauncherEngine } from './launcher-engine.js';
import type { LauncherOptions } from './launcher-options.js';
import { NO_DEMAND, queueGroup } from './queue-fleet.spec.helper.js';

let host: FakeHost;
let sink: RecordingSink;

beforeEach(() => {
  host = new FakeHost();
  sink = new RecordingSink();
});

function engineOf(options: LauncherOptions = {}): LauncherEngine {
  const view = { isMaster: true, isRunning: true, processes: [], groups: [], queues: [] };
  const bus = new EventBus(() => {});
  return new LauncherEngine([queueGroup()], { clock: new ManualClock(), host, logger: sink, ...options }, view, bus);
}

/** Feeder and consumers are booted. */
async function started(): Promise<LauncherEngine> {
  const engine = engineOf({ timeout: 0 });
  void engine.run();
  await host.opened;
  host.latest(1).spawn().message({ type: 'ready', protocol: 1, adopts: false });
  for (const id of [2, 3]) host.latest(id).boot();
  return engine;
}

const startOf = (id: number): StartMessage => host.latest(id).sent[0] as StartMessage;

describe('the processes of a queue group', () => {
  it('are told what they are, and where the feeder listens: behind their start', async () => {
    await started();
    const { key, ...feeder } = startOf(1).queue!;
    expect(feeder).toEqual({ role: 'feeder', socket: '/run/fake/feed-1.1' });
    expect(startOf(2).queue).toEqual({
      role: 'consumer',
      key: consumerKey(Buffer.from(key, 'base64'), 2, 1).toString('base64'),
    });
    const address = { path: '/run/fake/feed-1.1' };
    expect(host.latest(2).sent.slice(1)).toEqual([{ type: 'feeder-ready', incarnation: 1, address }]);
  });

  it('are heard in their roles only', async () => {
    await started();
    host.latest(2).message({ type: 'kill-request', id: 3, incarnation: 1, reason: 'a grudge' });
    expect(host.latest(3).kills).toBe(0);
    expect(sink.records.some((record) => record.includes('Ignored a message'))).toBe(true);
    host.latest(1).message({ type: 'kill-request', id: 3, incarnation: 1, reason: 'Item 7 hangs' });
    expect(host.latest(3).kills).toBe(1);
  });

  it('say how they do', async () => {
    const engine = await started();
    host.latest(1).message({ ...NO_DEMAND, waiting: 4, consumers: 2, done: 5 });
    expect(engine.queues).toMatchObject([{ group: 'Queue', waiting: 4, consumers: 2, done: 5, rate: 0 }]);
  });
});
