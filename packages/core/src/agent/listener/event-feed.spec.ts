import { beforeEach, describe, expect, it } from 'vitest';
import type { AgentEngineListener } from '../agent-engine.js';
import { LauncherAgentEngine } from '../launcher-agent-engine.js';
import { FakeHost } from '../../testing/fake-host.js';
import { ManualClock } from '../../testing/manual-clock.js';
import { group, listProcesses } from '../../testing/process-specs.js';
import type { LifecycleEvent, LifecycleEventName } from '../../events/lifecycle-events.js';
import { HostEvents } from './host-events.js';
import type { ListenerProgramEvents } from './listener-keeper.js';
import { asListenerMessage } from './listener-message.js';

const NAMES: readonly LifecycleEventName[] = [
  ...(['master_starting', 'master_started', 'master_running', 'master_stopped'] as const),
  ...(['process_created', 'process_started', 'process_running', 'process_stopped', 'process_timedout'] as const),
];

/** The engine of an agent, and what its listener publishes. */
class HostWorld {
  readonly clock = new ManualClock();
  readonly processes = new FakeHost();
  readonly heard: string[] = [];
  readonly errors: string[] = [];
  listener = this.#createListener();
  program: ListenerProgramEvents | undefined;
  readonly engine: LauncherAgentEngine;
  readonly #specs = listProcesses([group({ timeout: 10, restart: 'always', local: { instancesCount: 2 } })]);

  constructor() {
    this.engine = new LauncherAgentEngine({
      host: this.processes,
      epoch: 1,
      clock: this.clock,
      random: () => 0.5,
      listener: silent(),
      startListener: (_life, events) => {
        this.program = events;
        return {
          send: (message) => {
            this.listener.receive(asListenerMessage(JSON.parse(JSON.stringify(message)))!);
            return true;
          },
          closeChannel: () => events.ended('was ended by itself (0)'),
          terminate() {},
          kill() {},
        };
      },
    });
  }

  start(hostEvents = true): void {
    const specs = this.#specs.map((spec) => ({ spec, firstIncarnation: 1 }));
    this.engine.start(specs, { maxProcessTimeout: 3 }, undefined, hostEvents);
  }

  wantBoth(): void {
    for (const { id } of this.#specs) this.engine.want(id, 'run');
  }

  /** Another program takes its place. */
  replaceListener(): void {
    this.program!.ended('was ended by SIGKILL');
    this.listener = this.#createListener();
    this.clock.advance(1000);
    this.program!.ready();
  }

  take(): string[] {
    return this.heard.splice(0);
  }

  #createListener(): HostEvents {
    const listener = new HostEvents((name) => this.errors.push(name));
    for (const name of NAMES) {
      listener.on(name, (event) => {
        this.heard.push([name, ...describeEvent(event)].join(' '));
      });
    }
    return listener;
  }
}

function describeEvent(event: LifecycleEvent): string[] {
  if (!('process' in event)) return [];
  const { id, incarnation, state } = event.process;
  const line = 'line' in event && event.line !== undefined ? [event.line] : [];
  return [`${id}.${incarnation} ${state}`, ...line, ...('exit' in event ? [event.exit.reason] : [])];
}

function silent(): AgentEngineListener {
  const sink = { write() {}, writeLines() {}, full: () => undefined, flush: () => Promise.resolve() };
  return { sink, changed() {}, said() {}, forgotten() {}, over() {} };
}

let world: HostWorld;

beforeEach(() => {
  world = new HostWorld();
});

describe('a listener', () => {
  it('hears all that happens on its host, in its order', async () => {
    world.start();
    world.program!.ready();
    expect(world.take()).toEqual(['master_starting', 'process_created 1.0 created', 'process_created 2.0 created']);
    world.wantBoth();
    world.processes.latest(1).boot();
    expect(world.take()).toEqual(['process_started 1.1 starting', 'master_started']);
    world.processes.latest(2).boot();
    world.processes.latest(1).say('hello\n');
    world.processes.latest(1).exit(3);
    expect(world.take()).toEqual([
      'process_started 2.1 starting',
      'process_running 1.1 running hello',
      'process_stopped 1.1 backoff ended',
    ]);
    world.clock.advance(1000);
    expect(world.take().filter((each) => each === 'master_running')).toHaveLength(1);
    world.engine.killAll();
    for (const id of [1, 2]) world.processes.latest(id).exit(null, 'SIGKILL');
    world.take();
    await world.engine.farewell();
    expect(world.take()).toEqual(['master_stopped']);
    expect(world.errors).toEqual([]);
  });

  it('sees the processes as they are', () => {
    world.start();
    world.program!.ready();
    world.wantBoth();
    const { listener } = world;
    const [first, second] = listener.processes;
    expect(listener).toMatchObject({ isMaster: false, isRunning: true, groups: [first!.group], queues: [] });
    expect(first).toMatchObject({
      id: 1,
      groupId: 1,
      groupCount: 2,
      host: 'localhost',
      state: 'starting',
      incarnation: 1,
    });
    expect(first!.lastSeen).toBeUndefined();
    world.processes.latest(1).boot();
    expect(first).toMatchObject({ state: 'running', pid: 1000 });
    world.clock.advance(1000);
    world.processes.latest(1).say('a line\n');
    expect(first!.lastSeen).toEqual(world.clock.date());
    world.clock.advance(1500);
    world.processes.latest(1).message({ type: 'ping' });
    world.processes.latest(2).message({ type: 'ping' });
    world.clock.advance(1000);
    expect(second!.lastSeen).toEqual(new Date(world.clock.date().getTime() - 1000));
    // One view for each process, always the same.
    expect(listener.processes[0]).toBe(first);
  });

  it('that takes the place of another is told what there is, and what follows', () => {
    world.start();
    world.program!.ready();
    world.wantBoth();
    for (const id of [1, 2]) world.processes.latest(id).boot();
    world.take();
    world.replaceListener();
    expect(world.listener.processes.map(({ state }) => state)).toEqual(['running', 'running']);
    world.clock.advance(1000);
    expect(world.take()).toEqual(['master_running']);
    world.processes.latest(2).exit(0);
    expect(world.take()).toEqual(['process_stopped 2.1 backoff ended']);
  });

  it('hears of a time-out', () => {
    world.start();
    world.program!.ready();
    world.wantBoth();
    world.processes.latest(1).boot();
    world.clock.advance(11_000);
    expect(world.take()).toContain('process_timedout 1.1 running');
  });

  it('is not there unless it is wanted', () => {
    world.start(false);
    expect(world.program).toBeUndefined();
    expect(world.engine.farewell()).toBeUndefined();
  });

  it('of which a listener fails goes on', () => {
    world.listener.on('master_starting', () => {
      throw new Error('broken');
    });
    world.start();
    world.program!.ready();
    expect(world.errors).toEqual(['master_starting']);
    expect(world.take()).toHaveLength(3);
  });
});

it('what is no message of ours is ignored', () => {
  expect(['text', null, { type: 'other' }, []].map(asListenerMessage)).toEqual(Array.from({ length: 4 }));
});
