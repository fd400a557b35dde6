import { beforeEach, describe, expect, it } from 'vitest';
import { consumerKey } from '../channel/consumer-key.js';
import type { LauncherMessage, StartMessage } from '../channel/launcher-message.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import { queueGroup } from '../launcher/queue-fleet.spec.helper.js';
import { FakeHost } from '../testing/fake-host.js';
import { ManualClock } from '../testing/manual-clock.js';
import { listProcesses } from '../testing/process-specs.js';
import { RecordingSink } from '../testing/recording-sink.js';
import { LauncherAgentEngine } from './launcher-agent-engine.js';

const KEY = Buffer.alloc(32, 7);
const GONE = { type: 'feeder-gone', incarnation: 1 } as const;

let host: FakeHost;
let clock: ManualClock;
let told: string[];

beforeEach(() => {
  host = new FakeHost();
  clock = new ManualClock();
  told = [];
});

/** Feeder 1 and consumers 2 and 3 run. */
async function running(options: Partial<QueueGroupOptions> = {}): Promise<LauncherAgentEngine> {
  const engine = new LauncherAgentEngine({
    host,
    epoch: 1,
    clock,
    bootSlots: 8,
    random: () => 0.5,
    listener: {
      sink: new RecordingSink(),
      changed: ({ id, state, incarnation, exit }) =>
        void told.push([`${id}.${incarnation} ${state}`, exit?.reason].filter(Boolean).join(' ')),
      said: (id, incarnation, { type }) => void told.push(`${id}.${incarnation} says ${type}`),
      forgotten: ({ id }) => void told.push(`${id} forgotten`),
      over: () => {},
    },
  });
  await engine.open();
  const specs = listProcesses([queueGroup(options)]).map((spec) => ({ spec, firstIncarnation: 1 }));
  engine.start(specs, { maxProcessTimeout: 3 }, { Queue: KEY.toString('base64') });
  for (const { spec } of specs) {
    engine.want(spec.id, 'run');
    host.latest(spec.id).boot();
  }
  told.length = 0;
  return engine;
}

/** Behind its start. */
const heardBy = (id: number): LauncherMessage[] => host.latest(id).sent.slice(1);

describe('a notice of the master', () => {
  it('is passed on to the incarnation that it is for, and to no other', async () => {
    const engine = await running();
    engine.tell(2, 1, GONE);
    engine.tell(3, 2, GONE);
    expect([heardBy(2), heardBy(3)]).toEqual([[GONE], []]);
    host.latest(2).exit(null, 'SIGKILL');
    clock.advance(1000);
    host.latest(2).boot();
    engine.tell(2, 1, GONE);
    expect([host.latest(2).incarnation, heardBy(2)]).toEqual([2, []]);
  });

  it('of a feeder under the same agent names its socket here, of another its address', async () => {
    const engine = await running();
    const address = { host: 'far', port: 9999 };
    engine.tell(2, 1, { type: 'feeder-ready', feeder: 1, incarnation: 1 });
    engine.tell(3, 1, { type: 'feeder-ready', feeder: 1, incarnation: 1, address });
    const found = { type: 'feeder-ready', incarnation: 1 };
    expect(heardBy(2)).toEqual([{ ...found, address: { path: '/run/fake/feed-1.1' } }]);
    expect(heardBy(3)).toEqual([{ ...found, address }]);
  });

  it('that an item does not let go kills the consumer, which starts again', async () => {
    const engine = await running();
    engine.tell(2, 1, { type: 'item-timeout', reason: 'Item 7 hangs' });
    expect([host.latest(2).kills, heardBy(2)]).toEqual([1, []]);
    host.latest(2).exit(null, 'SIGKILL');
    clock.advance(1000);
    expect(told).toContain('2.1 backoff item-timeout');
    expect(host.latest(2).incarnation).toBe(2);
  });
});

it('its processes have the keys that follow from the one of the master', async () => {
  await running();
  const keyOf = (id: number): string => (host.latest(id).sent[0] as StartMessage).queue!.key;
  expect(keyOf(1)).toBe(KEY.toString('base64'));
  expect(keyOf(2)).toBe(consumerKey(KEY, 2, 1).toString('base64'));
});

it('what they say of their queue group is for the master', async () => {
  await running();
  host.latest(3).message({ type: 'drained', feeder: 1 });
  expect(told).toEqual(['3.1 says drained']);
});

describe('a feeder that has ended', () => {
  it('does not start again before it is cleared', async () => {
    const engine = await running();
    host.latest(1).exit(null, 'SIGKILL');
    clock.advance(60_000);
    engine.clear(1, 0);
    clock.advance(60_000);
    expect(host.latest(1).incarnation).toBe(1);
    engine.clear(1, 1);
    clock.advance(0);
    expect(host.latest(1).incarnation).toBe(2);
  });

  it('because the lease did, neither; consumers start with the lease', async () => {
    const engine = await running();
    engine.killAll();
    for (const id of [1, 2, 3]) host.latest(id).exit(null, 'SIGKILL');
    engine.resumeAll();
    clock.advance(60_000);
    expect([1, 2, 3].map((id) => host.latest(id).incarnation)).toEqual([1, 2, 2]);
    engine.clear(1, 1);
    clock.advance(0);
    expect(host.latest(1).incarnation).toBe(2);
  });
});

it('what had ended by itself when a stop came starts when it is wanted again', async () => {
  const engine = await running();
  host.latest(2).exit(0);
  engine.want(2, 'run');
  clock.advance(1000);
  expect(host.latest(2).incarnation).toBe(1);
  engine.want(2, 'stop');
  engine.want(2, 'run');
  clock.advance(1000);
  expect(host.latest(2).incarnation).toBe(2);
});

describe('a change of what there is to run', () => {
  /** Consumers 4 and 5. */
  const more = listProcesses([queueGroup({ consumers: { local: { instancesCount: 4 } } })])
    .slice(3)
    .map((spec) => ({ spec, firstIncarnation: 8 }));

  it('adds processes that start when they are wanted, counted on from what the master knows', async () => {
    const engine = await running();
    engine.add(more);
    expect(host.started.map(({ spec }) => spec.id)).toEqual([1, 2, 3]);
    engine.want(4, 'run');
    host.latest(4).boot();
    expect([host.latest(4).incarnation, told.at(-1)]).toEqual([8, '4.8 running']);
  });

  it('brings the keys of queue groups', async () => {
    const engine = await running();
    const key = Buffer.alloc(32, 9);
    const specs = listProcesses([{ ...queueGroup(), name: 'Other' }]).map((spec) => ({
      spec: { ...spec, id: spec.id + 10 },
      firstIncarnation: 1,
    }));
    engine.add(specs, { Other: key.toString('base64') });
    engine.want(12, 'run');
    host.latest(12).boot();
    const { queue } = host.latest(12).sent[0] as StartMessage;
    expect(queue!.key).toBe(consumerKey(key, 12, 1).toString('base64'));
  });

  it('stops what is retired, and forgets it when it is over', async () => {
    const engine = await running();
    engine.retire([2]);
    expect([heardBy(2), told]).toEqual([[{ type: 'stop' }], ['2.1 stopping']]);
    host.latest(2).exit(0);
    expect(told.slice(1)).toEqual(['2.1 stopped stopped', '2 forgotten']);
    engine.want(2, 'run');
    engine.tell(2, 1, GONE);
    clock.advance(60_000);
    expect([host.latest(2).incarnation, engine.seen().some(({ id }) => id === 2)]).toEqual([1, false]);
  });

  it('forgets at once what is over, or was not begun', async () => {
    const engine = await running();
    engine.add(more);
    host.latest(3).exit(0);
    engine.want(3, 'stop');
    told.length = 0;
    engine.retire([3, 4]);
    expect(told).toEqual(['3 forgotten', '4 forgotten']);
  });
});

describe('what has failed for good', () => {
  /** Consumer 2 has failed in its third life: two restarts are allowed. */
  async function failed(): Promise<LauncherAgentEngine> {
    const engine = await running({ maxRestarts: 2 });
    for (let life = 1; life <= 3; life++) {
      if (life > 1) host.latest(2).boot();
      host.latest(2).exit(1);
      clock.advance(1000);
    }
    expect(told.at(-1)).toBe('2.3 failed ended');
    return engine;
  }

  it('is told once more when the master has called off that it starts again, and asks', async () => {
    const engine = await running();
    engine.want(2, 'stop');
    host.latest(2).exit();
    told.length = 0;
    engine.want(2, 'stop');
    expect(told).toEqual([]);
    engine.want(2, 'stop', true);
    expect(told).toEqual(['2.1 stopped']);
    engine.want(3, 'stop', true);
    expect(told).toEqual(['2.1 stopped', '3.1 stopping']);
  });

  it('starts again when it is wanted again, with all its restarts', async () => {
    const engine = await failed();
    engine.want(2, 'run');
    clock.advance(1000);
    expect(host.latest(2).incarnation).toBe(3);
    engine.want(2, 'run', true);
    clock.advance(0);
    expect(host.latest(2).incarnation).toBe(4);
    host.latest(2).boot();
    engine.want(2, 'run', true);
    expect(heardBy(2)).toEqual([]);
    host.latest(2).exit(1);
    clock.advance(1000);
    expect(host.latest(2).incarnation).toBe(5);
  });

  it('does so when the lease is held, not before', async () => {
    const engine = await failed();
    engine.stopAll();
    engine.want(2, 'run', true);
    clock.advance(1000);
    expect(host.latest(2).incarnation).toBe(3);
    engine.resumeAll();
    clock.advance(0);
    expect(host.latest(2).incarnation).toBe(4);
  });
});
