import { beforeEach, describe, expect, it } from 'vitest';
import type { GroupOptions } from '../config/group-config.js';
import { EventBus } from '../events/event-bus.js';
import type { ProcessExit } from '../process/process-exit.js';
import { FakeHost } from '../testing/fake-host.js';
import { ManualClock } from '../testing/manual-clock.js';
import { group } from '../testing/process-specs.js';
import { RecordingSink } from '../testing/recording-sink.js';
import { LauncherEngine } from './launcher-engine.js';

let clock: ManualClock;
let host: FakeHost;
let sink: RecordingSink;
let bus: EventBus;

beforeEach(() => {
  clock = new ManualClock();
  host = new FakeHost();
  sink = new RecordingSink();
  bus = new EventBus(() => {});
});

/** Runs; both processes are booted. */
async function started(options: Partial<GroupOptions> = {}): Promise<LauncherEngine> {
  const view = { isMaster: true, isRunning: true, processes: [], groups: [], queues: [] };
  const groups = [group({ local: { instancesCount: 2 }, ...options })];
  const engine = new LauncherEngine(groups, { clock, host, logger: sink, timeout: 0 }, view, bus);
  void engine.run();
  await host.opened;
  for (const each of host.started) each.boot();
  return engine;
}

describe('memory', () => {
  it('is looked at once a second where it is limited, and seldom for other programs', async () => {
    await started({ memoryLimit: 100 });
    host.latest(1).resident = 100 * 1_048_576;
    clock.advance(1000);
    expect(host.latest(1).sent.at(-1)).toEqual({ type: 'stop' });
    expect(host.latest(2).sent.at(-1)).toMatchObject({ type: 'start' });
  });

  it('as a slave tells it is evidence of its end, and no sign of life', async () => {
    const engine = await started();
    clock.advance(2000);
    host.latest(1).message({ type: 'stats', rss: 50 * 1_048_576, cpu: 0, lag: 0 });
    expect(engine.processes[0]!.lastSeen).toEqual(new Date(clock.date().getTime() - 2000));
    const exits: ProcessExit[] = [];
    bus.on('process_stopped', ({ exit }) => exits.push(exit));
    host.latest(1).say('last words\n').exit(1);
    expect(exits[0]).toMatchObject({ code: 1, rss: 50, lastLines: ['last words'] });
  });
});

it('only feeders have a port to wait for: others must be ready within start_timeout, whatever they say', async () => {
  const view = { isMaster: true, isRunning: true, processes: [], groups: [], queues: [] };
  const engine = new LauncherEngine([group({ startTimeout: 2 })], { clock, host, logger: sink, timeout: 0 }, view, bus);
  void engine.run();
  await host.opened;
  host.latest(1).spawn();
  host.latest(1).message({ type: 'waiting', waiting: true });
  clock.advance(2000);
  expect(host.latest(1).kills).toBe(1);
});

describe('a message that is none of ours', () => {
  it('harms nobody, however deep it is', async () => {
    await started();
    const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    for (const message of [deep, { type: 'log', level: 'log', message: deep }]) host.latest(1).message(message);
    const texts = sink.records.filter((text) => text.includes('nested too deeply'));
    expect(texts).toHaveLength(2);
  });
});

describe('a slave that does not keep to its credit', () => {
  it('is not listened to beyond what one of ours could hold back, while the log is full', async () => {
    await started();
    sink.fill();
    const message = 'x'.repeat(1_000_000);
    for (let i = 0; i < 50; i++) host.latest(1).message({ type: 'log', level: 'log', message });
    expect(sink.records.filter((record) => record.endsWith(message))).toHaveLength(19);
    await sink.drain();
    host.latest(1).message({ type: 'log', level: 'log', message: 'again' });
    expect(sink.records.at(-1)).toBe('log work/1/1: again');
  });
});
