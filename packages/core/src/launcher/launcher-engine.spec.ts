import { beforeEach, describe, expect, it } from 'vitest';
import type { GroupOptions } from '../config/group-config.js';
import { EventBus } from '../events/event-bus.js';
import type { LifecycleEvent, LifecycleEventName } from '../events/lifecycle-events.js';
import { FakeHost } from '../testing/fake-host.js';
import { ManualClock } from '../testing/manual-clock.js';
import { group } from '../testing/process-specs.js';
import { RecordingSink } from '../testing/recording-sink.js';
import { LauncherEngine } from './launcher-engine.js';
import type { LauncherOptions, RunResult } from './launcher-options.js';

const NAMES: LifecycleEventName[] = [
  'master_starting',
  'master_started',
  'master_running',
  'master_stopped',
  'process_created',
  'process_started',
  'process_running',
  'process_stopped',
  'process_timedout',
];

let clock: ManualClock;
let host: FakeHost;
let sink: RecordingSink;
let bus: EventBus;
let events: string[];
let failures: unknown[];

beforeEach(() => {
  clock = new ManualClock();
  host = new FakeHost();
  sink = new RecordingSink();
  events = [];
  failures = [];
  bus = new EventBus((_name, error) => failures.push(error));
  for (const name of NAMES) bus.on(name, (event) => events.push(describeEvent(name, event)));
});

function describeEvent(name: string, event: LifecycleEvent): string {
  if (!('process' in event)) return name;
  const { id, incarnation } = event.process;
  const line = 'line' in event ? ` ${event.line}` : '';
  const reason = 'exit' in event ? ` ${event.exit.reason}` : '';
  return `${name} ${id}.${incarnation}${line}${reason}`;
}

function engineOf(groups: readonly GroupOptions[], options: LauncherOptions = {}): LauncherEngine {
  const view = { isMaster: true, isRunning: true, processes: [], groups: [], queues: [] };
  return new LauncherEngine(groups, { clock, host, logger: sink, ...options }, view, bus);
}

const pair = (options: Partial<GroupOptions> = {}): GroupOptions[] => [
  group({ local: { instancesCount: 2 }, ...options }),
];

/** Runs; all processes are spawned. */
async function spawned(engine: LauncherEngine) {
  const result = engine.run();
  await host.opened;
  return { engine, result };
}

/** Runs; all processes are booted. */
async function started(options: Partial<GroupOptions> = {}, limits: LauncherOptions = {}) {
  const { engine, result } = await spawned(engineOf(pair(options), limits));
  for (const each of host.started) each.boot();
  return { engine, result };
}

async function ended(result: Promise<RunResult>, exitCode: number): Promise<void> {
  expect(await result).toEqual({ exitCode });
  expect(sink.flushed).toBe(true);
  expect(clock.waiting).toBe(0);
}

describe('a run', () => {
  it('tells its events in their order', async () => {
    const { result } = await started();
    host.latest(1).exit();
    host.latest(2).exit();
    await ended(result, 0);
    expect(events).toEqual([
      'master_starting',
      'process_created 1.0',
      'process_created 2.0',
      'process_started 1.1',
      'process_started 2.1',
      'master_started',
      'process_stopped 1.1 ended',
      'process_stopped 2.1 ended',
      'master_stopped',
    ]);
  });

  it('tells each process who it is, as its first message', async () => {
    await started({ params: { Param1: 'Value1' } });
    const { epoch, config, ...rest } = Object(host.latest(2).sent[0]);
    expect(rest).toEqual({ type: 'start', protocol: 1, id: 2, groupId: 2, groupCount: 2, incarnation: 1 });
    expect(epoch).toBe(1);
    expect(config).toMatchObject({ name: 'Group', command: 'work', params: { Param1: 'Value1' } });
  });

  it('tells master_running each second, until its end', async () => {
    const { result } = await started({ timeout: 0 });
    clock.advance(3500);
    expect(events.filter((name) => name === 'master_running')).toHaveLength(3);
    host.latest(1).exit();
    host.latest(2).exit();
    await ended(result, 0);
  });

  it('tells the end of an incarnation before the start of the next', async () => {
    await started({ restart: 'on-failure' });
    events.length = 0;
    host.latest(1).exit(1);
    clock.advance(0);
    host.latest(1).boot();
    expect(events).toEqual(['process_stopped 1.1 ended', 'process_started 1.2']);
    expect(host.latest(1).sent[0]).toMatchObject({ type: 'start', incarnation: 2 });
  });

  it('logs what processes say under their own names', async () => {
    await started();
    host.latest(1).say('one\ntwo\n').say('bad\n', 'warn');
    host.latest(2).message({ type: 'log', level: 'debug', message: 'hello', context: 'Users' });
    expect(sink.records).toEqual([
      'log work/1/1: one',
      'log work/1/1: two',
      'warn work/1/1: bad',
      'debug work/2/2: [Users] hello',
    ]);
    expect(events.slice(-4)).toEqual([
      'process_running 1.1 one',
      'process_running 1.1 two',
      'process_running 1.1 bad',
      'process_running 2.1 hello',
    ]);
  });

  it('ignores a message that is none of ours, and says so', async () => {
    await started();
    for (const junk of ['text', null, 7, [], {}, { type: 'ready' }, { type: 'log', level: 'loud', message: 'x' }])
      host.latest(1).message(junk);
    expect(sink.records).toHaveLength(7);
    expect(sink.records[0]).toBe('warn work/1/1: Ignored a message that is none of ours: "text"');
  });

  it('does not log what is ignored for ever', async () => {
    await started();
    for (let i = 0; i < 1000; i++) host.latest(1).message('junk');
    expect(sink.records).toHaveLength(101);
    expect(sink.records.at(-1)).toBe('warn work/1/1: Further messages that are none of ours are not logged');
  });

  it('kills a slave that speaks another version of the channel', async () => {
    await spawned(engineOf([group()]));
    host.latest(1).spawn().message({ type: 'ready', protocol: 9 });
    expect(host.latest(1).kills).toBe(1);
    expect(sink.records[0]).toContain('Speaks version 9 of the channel, not 1');
  });

  it('what cannot even be passed to the system fails with its reason, the run goes on', async () => {
    host.refusal = new TypeError('a NUL byte');
    const result = engineOf(pair()).run();
    await ended(result, 1);
    expect(events.slice(3)).toEqual([
      'process_stopped 1.1 spawn-failed',
      'process_stopped 2.1 spawn-failed',
      'master_started',
      'master_stopped',
    ]);
  });

  it('shows when a process was last seen', async () => {
    const { engine } = await started();
    clock.advance(2000);
    host.latest(1).say('x\n');
    clock.advance(1500);
    expect(engine.processes[0]?.lastSeen).toEqual(new Date(clock.date().getTime() - 1500));
  });
});

describe('a silent process', () => {
  it('is killed and started again, and given up at the third time-out in a row', async () => {
    const { result } = await started({ local: { instancesCount: 1 } }, { timeout: 0 });
    for (const incarnation of [1, 2, 3]) {
      if (incarnation > 1) host.latest(1).boot();
      clock.advance(10_000);
      expect(host.latest(1).kills).toBe(1);
      host.latest(1).exit(null, 'SIGKILL');
      clock.advance(0);
    }
    await ended(result, 1);
    expect(host.started).toHaveLength(3);
    expect(events.filter((name) => name.startsWith('process_timedout'))).toHaveLength(3);
  });

  it('is not killed as long as it pings', async () => {
    await started();
    for (let second = 0; second < 60; second += 5) {
      clock.advance(5000);
      for (const id of [1, 2]) host.latest(id).message({ type: 'ping' });
    }
    expect([host.latest(1).kills, host.latest(2).kills]).toEqual([0, 0]);
  });

  it('the timeout of the master kills all', async () => {
    const { result } = await started({ timeout: 60 }, { timeout: 5 });
    clock.advance(5000);
    expect(sink.records).toEqual(['error master: Timeout waiting for content, force kill']);
    for (const id of [1, 2]) {
      expect(host.latest(id).kills).toBe(1);
      host.latest(id).exit(null, 'SIGKILL');
    }
    await ended(result, 1);
  });
});

describe('a stop', () => {
  it('asks by message; a program of its own also by signal', async () => {
    const { engine } = await started({ console: false });
    engine.stop();
    expect(host.latest(1).sent.at(-1)).toEqual({ type: 'stop' });
    expect(host.latest(1).terminations).toBe(1);
  });

  it('asks a slave by message alone', async () => {
    const { engine } = await started();
    engine.stop();
    expect(host.latest(1).terminations).toBe(0);
  });

  it('after the running time is clean', async () => {
    const { result } = await started({ timeout: 0 }, { maxRunningTime: 3600 });
    clock.advance(3_600_000);
    expect(sink.records).toEqual(['log master: Stopping...']);
    host.latest(1).exit();
    host.latest(2).exit();
    await ended(result, 0);
  });

  it('as a whole is bounded by the timeout of the master', async () => {
    const { engine, result } = await started({ stopTimeout: 600 }, { timeout: 20 });
    engine.stop();
    clock.advance(20_000);
    expect(sink.records.at(-1)).toBe('error master: Timeout waiting for clean shutdown, force kill');
    for (const id of [1, 2]) host.latest(id).exit(null, 'SIGKILL');
    await ended(result, 0);
  });

  it('kills what is left after its stop timeout', async () => {
    const { engine } = await started();
    engine.stop();
    host.latest(1).exit();
    clock.advance(5000);
    expect([host.latest(1).kills, host.latest(2).kills]).toEqual([0, 1]);
  });

  it.each(['stop', 'kill'] as const)('%s before the run: nothing starts', async (request) => {
    const engine = engineOf(pair());
    engine[request]();
    await ended(engine.run(), 0);
    expect(host.started).toEqual([]);
    expect(events).toEqual([
      'master_starting',
      'process_created 1.0',
      'process_created 2.0',
      'master_started',
      'master_stopped',
    ]);
  });

  it('by a listener of the first event: nothing starts', async () => {
    const engine = engineOf(pair());
    bus.on('master_starting', () => engine.stop());
    await ended(engine.run(), 0);
    expect(host.started).toEqual([]);
    expect(events.at(-1)).toBe('master_stopped');
  });

  it('in the middle of the start reaches what was not spawned yet', async () => {
    const engine = engineOf(pair());
    const { result } = await spawned(engine);
    host.latest(1).boot();
    engine.stop();
    host.latest(2).spawn();
    expect(host.latest(2).sent.map(({ type }) => type)).toEqual(['stop', 'start']);
    host.latest(1).exit();
    host.latest(2).exit();
    await ended(result, 0);
  });

  it('turns into a kill', async () => {
    const { engine, result } = await started();
    engine.stop();
    engine.kill();
    for (const id of [1, 2]) {
      expect(host.latest(id).kills).toBe(1);
      host.latest(id).exit(null, 'SIGKILL');
    }
    await ended(result, 0);
  });
});

describe('a log that is full', () => {
  it('pauses all reading until it accepts more, and that time is no silence', async () => {
    await started();
    sink.fill();
    host.latest(1).say('x\n');
    expect([host.latest(1).paused, host.latest(2).paused]).toEqual([true, true]);
    clock.advance(60_000);
    await sink.drain();
    expect([host.latest(1).paused, host.latest(2).paused]).toEqual([false, false]);
    clock.advance(9999);
    expect([host.latest(1).kills, host.latest(2).kills]).toEqual([0, 0]);
    clock.advance(1);
    expect([host.latest(1).kills, host.latest(2).kills]).toEqual([1, 1]);
  });

  it('pauses what starts meanwhile', async () => {
    await started({ restart: 'on-failure' });
    sink.fill();
    host.latest(1).say('x\n');
    host.latest(2).exit(1);
    clock.advance(0);
    expect(host.latest(2).paused).toBe(true);
  });

  it('keeps back the credit for more log records', async () => {
    await started();
    const message = 'x'.repeat(70_000);
    sink.fill();
    host.latest(1).message({ type: 'log', level: 'log', message });
    expect(host.latest(1).sent.map(({ type }) => type)).toEqual(['start']);
    await sink.drain();
    expect(host.latest(1).sent.at(-1)).toEqual({ type: 'log-credit', characters: 70_000 });
  });
});

describe('listeners', () => {
  it('that throw or reject harm nothing and are reported', async () => {
    bus.on('process_started', () => {
      throw new Error('thrown');
    });
    bus.on('process_started', () => Promise.reject(new Error('rejected')));
    const { result } = await started({ local: { instancesCount: 1 } });
    host.latest(1).exit();
    await ended(result, 0);
    expect(failures.map(String)).toEqual(['Error: thrown', 'Error: rejected']);
  });

  it('may ask for a stop', async () => {
    const engine = engineOf([group()]);
    bus.on('master_started', () => engine.stop());
    const { result } = await spawned(engine);
    host.latest(1).boot();
    expect(host.latest(1).sent.map(({ type }) => type)).toContain('stop');
    host.latest(1).exit();
    await ended(result, 0);
  });
});

describe('an output that nobody reads', () => {
  async function endedButUnread(limits: LauncherOptions) {
    sink.flush = () => new Promise(() => {});
    const { engine, result } = await started({}, limits);
    host.latest(1).exit();
    host.latest(2).exit();
    return { engine, result };
  }

  it('holds up the end of the run until the timeout', async () => {
    const { result } = await endedButUnread({ timeout: 300 });
    await host.opened;
    expect(events).not.toContain('master_stopped');
    clock.advance(300_000);
    expect(await result).toEqual({ exitCode: 0 });
    expect(events.at(-1)).toBe('master_stopped');
  });

  it('is given up by a kill', async () => {
    const { engine, result } = await endedButUnread({ timeout: 0 });
    await host.opened;
    engine.kill();
    expect(await result).toEqual({ exitCode: 0 });
    expect(clock.waiting).toBe(0);
  });
});
