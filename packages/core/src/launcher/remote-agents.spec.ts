import { beforeEach, describe, expect, it } from 'vitest';
import type { AgentLink, AgentLinkListener } from '../agent-channel/agent-link.js';
import { AGENT_PROTOCOL } from '../agent-channel/protocol.js';
import type { GroupOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import { EventBus } from '../events/event-bus.js';
import type { LogLevel, LogOrigin } from '../logger/logger.js';
import { FakeHost } from '../testing/fake-host.js';
import { ManualClock } from '../testing/manual-clock.js';
import { group } from '../testing/process-specs.js';
import { RecordingSink } from '../testing/recording-sink.js';
import { LauncherEngine } from './launcher-engine.js';
import type { AgentConnection } from './remote-hosts.js';

/** Welcomes whoever connects, and keeps what it is told. */
class PlayedAgent implements AgentConnection {
  readonly transport = 'SSH';
  readonly heard: Record<string, unknown>[] = [];
  links = 0;

  constructor(
    readonly name: string,
    readonly lease = 30,
  ) {}

  readonly connect = async (): Promise<AgentLink> => {
    this.links++;
    let listener: AgentLinkListener | undefined;
    const answer = (message: object): void => queueMicrotask(() => listener?.message(message));
    return {
      listen: (each) => (listener = each),
      send: (message) => {
        this.heard.push(message as Record<string, unknown>);
        if ('type' in message && message.type === 'hello') answer(this.#hello(message));
        if ('type' in message && message.type === 'bye') queueMicrotask(() => listener?.closed('bye'));
        return true;
      },
      close: () => {},
    };
  };

  /** Of the processes that it was told to run. */
  get told(): { id: number; agent: string; origin: { host: string } }[] {
    const run = this.heard.find(({ type }) => type === 'run');
    return (run?.['processes'] ?? []) as never;
  }

  #hello(master: object): object {
    const { fleet, epoch } = master as { fleet: string; epoch: number };
    return {
      ...{ type: 'hello', protocol: AGENT_PROTOCOL, fleet, epoch, agent: this.name, place: this.name, running: false },
      ...{ at: 0, version: '0', build: 'x', node: '24.0.0', capabilities: ['queues'] },
    };
  }
}

class HostSink extends RecordingSink {
  readonly hosts: string[] = [];

  override write(origin: LogOrigin, level: LogLevel, message: string, context?: string): void {
    this.hosts.push(`${origin.host ?? '-'}: ${message}`);
    super.write(origin, level, message, context);
  }
}

let host: FakeHost;
let sink: HostSink;
let created: string[];
let engine: LauncherEngine;

beforeEach(() => {
  host = new FakeHost();
  sink = new HostSink();
  created = [];
});

/** Runs until all that happens by itself has happened. */
async function run(groups: readonly (GroupOptions | QueueGroupOptions)[], ...agents: PlayedAgent[]): Promise<void> {
  const view = { isMaster: true, isRunning: true, processes: [], groups: [], queues: [] };
  const bus = new EventBus(() => {});
  bus.on('process_created', ({ process: { id, host: name, group: of } }) => created.push(`${id} ${of} ${name}`));
  const byKey = new Map(agents.map((agent) => [agent.name, agent]));
  engine = new LauncherEngine(groups, { clock: new ManualClock(), host, logger: sink, agents: byKey }, view, bus);
  void engine.run();
  for (let round = 0; round < 3; round++) await host.opened;
}

describe('the agents of a run', () => {
  it('are connected once each, and told of their processes', async () => {
    const one = new PlayedAgent('one', 60);
    const other = new PlayedAgent('me@one path="/srv"');
    const remote = [
      { hosts: ['one'], instancesCount: 2 },
      { hosts: ['me@one'], path: '/srv' },
    ];
    await run([group({ local: {}, remote }), group({ name: 'More', remote: [{ hosts: ['one'] }] })], one, other);
    expect([one.links, other.links]).toEqual([1, 1]);
    expect(one.told.map(({ id }) => id)).toEqual([2, 3, 5]);
    expect(other.told.map(({ id }) => id)).toEqual([4]);
    expect(one.heard[0]).toMatchObject({ type: 'hello', target: 'one', leaseMs: 60_000 });
    expect(host.started.map(({ spec }) => spec.id)).toEqual([1]);
  });

  it("have their host's name in the log and in the events, as the configuration has it", async () => {
    await run([group({ remote: [{ hosts: ['me@one:2222'] }] })], new PlayedAgent('me@one:2222'));
    expect(sink.hosts).toContain('one: Connected to host');
    expect(created).toEqual(['1 Group one']);
    expect(engine.processes.map((each) => each.host)).toEqual(['one']);
  });

  it('have the processes of queue groups', async () => {
    const one = new PlayedAgent('one');
    const remote = [{ hosts: ['one'], host: '10.0.0.1' }];
    await run([{ name: 'Queue', command: 'work', consumers: { local: {}, remote } }], one);
    expect(one.told.map(({ id }) => id)).toEqual([3]);
    expect(one.told[0]).toMatchObject({
      agent: 'one',
      queue: { role: 'consumer', feeder: { host: '10.0.0.1', port: 9999 } },
    });
  });

  it('have those of this machine, too, where one is given for it', async () => {
    const [here, one] = [new PlayedAgent('localhost'), new PlayedAgent('one')];
    await run([group({ local: {}, remote: [{ hosts: ['one'] }] })], here, one);
    expect(here.told.map(({ id }) => id)).toEqual([1]);
    expect(one.told.map(({ id }) => id)).toEqual([2]);
    expect(host.started).toEqual([]);
    expect(sink.hosts).toContain('localhost: Connected to host');
  });

  it('that are given but have nothing to do are not connected', async () => {
    const one = new PlayedAgent('one');
    await run([group()], one);
    expect(one.links).toBe(0);
  });
});
