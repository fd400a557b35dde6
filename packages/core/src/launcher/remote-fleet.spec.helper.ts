import { AgentSession } from '../agent/agent-session.js';
import { FakeLink, settle } from '../agent/agent-world.spec.helper.js';
import { LauncherAgentEngine } from '../agent/launcher-agent-engine.js';
import type { LauncherMessage } from '../channel/launcher-message.js';
import type { GroupOptions } from '../config/group-config.js';
import { EventBus } from '../events/event-bus.js';
import type { ProcessListener } from '../process/process-host.js';
import type { ProcessSpec } from '../process/process-spec.js';
import { FakeHost, FakeProcess } from '../testing/fake-host.js';
import { ManualClock } from '../testing/manual-clock.js';
import { RecordingSink } from '../testing/recording-sink.js';
import { LauncherEngine } from './launcher-engine.js';
import type { AgentConnection } from './remote-agent.js';

const BOOT_MS = 50;
const STOP_MS = 100;
const STEP_MS = 5;
const PATIENCE_MS = 120_000;

/** Who lives, on any host. */
class Lives {
  readonly #living = new Map<number, string>();
  /** Two lives of one process at once. */
  readonly doubled: string[] = [];

  begin(id: number, life: string): void {
    const other = this.#living.get(id);
    if (other !== undefined) this.doubled.push(`${other} and ${life}`);
    this.#living.set(id, life);
  }

  end(id: number): void {
    this.#living.delete(id);
  }

  get living(): string[] {
    return [...this.#living.values()].toSorted();
  }
}

/** Boots, and stops when it is asked to. */
class ActingProcess extends FakeProcess {
  #over = false;

  constructor(
    spec: ProcessSpec,
    incarnation: number,
    listener: ProcessListener,
    pid: number,
    private readonly owner: ActingHost,
  ) {
    super(spec, incarnation, listener, pid);
    owner.lives.begin(spec.id, `${spec.id}.${incarnation}`);
    owner.clock.setTimer(BOOT_MS, () => this.#over || this.boot());
  }

  override send(message: LauncherMessage): void {
    super.send(message);
    if (message.type === 'stop') this.#endIn(STOP_MS, 0, null);
  }

  override kill(): void {
    super.kill();
    this.#endIn(STEP_MS, null, 'SIGKILL');
  }

  /** Nobody is told. */
  vanish(): void {
    if (!this.#over) this.owner.lives.end(this.spec.id);
    this.#over = true;
  }

  override exit(code: number | null = 0, signal: NodeJS.Signals | null = null): void {
    if (this.#over) return;
    this.vanish();
    super.exit(code, signal);
  }

  #endIn(ms: number, code: number | null, signal: NodeJS.Signals | null): void {
    this.owner.clock.setTimer(ms, () => this.exit(code, signal));
  }
}

class ActingHost extends FakeHost {
  #pid = 2000;
  #dead = false;

  constructor(
    readonly clock: ManualClock,
    readonly lives: Lives,
  ) {
    super();
  }

  override start(spec: ProcessSpec, incarnation: number, listener: ProcessListener): FakeProcess {
    if (this.#dead) return super.start(spec, incarnation, listener);
    const started = new ActingProcess(spec, incarnation, listener, ++this.#pid, this);
    this.started.push(started);
    return started;
  }

  /** With all that runs there. What its launcher may still do comes to nothing. */
  die(): void {
    this.#dead = true;
    for (const each of this.started) if (each instanceof ActingProcess) each.vanish();
  }
}

/** A host, and its agent as it really is. */
export class PlayedHost implements AgentConnection {
  readonly transport = 'SSH';
  /** The master's ends of all links so far. */
  readonly links: FakeLink[] = [];
  host: ActingHost;
  /** Whether its agent has nothing to do any more. */
  idle = false;
  reachable = true;
  #agents = 0;
  #session: AgentSession;

  constructor(
    readonly name: string,
    readonly lease: number,
    private readonly clock: ManualClock,
    private readonly lives: Lives,
  ) {
    this.host = new ActingHost(clock, lives);
    this.#session = this.#createSession();
  }

  readonly connect = async (): Promise<FakeLink> => {
    if (!this.reachable) throw new Error('no route');
    if (this.idle) this.#begin();
    const [master, agent] = FakeLink.pair(this.clock);
    this.links.push(master);
    this.#session.accept(agent);
    return master;
  };

  /** Nobody is told, and no link comes through until `mend`. */
  cut(): void {
    this.reachable = false;
    for (const link of this.links) link.cutBoth();
  }

  mend(): void {
    this.reachable = true;
  }

  /** The agent and all of its processes, at once; the next link finds another one. */
  die(): void {
    this.host.die();
    for (const link of this.links) link.end('broken');
    this.#begin();
  }

  /** Ids of the processes of which the agent was told last. */
  get told(): number[] {
    const runs = this.links.flatMap(({ sent }) => sent).filter(({ type }) => type === 'run');
    const last = runs.at(-1) as { processes?: { id: number }[] } | undefined;
    return (last?.processes ?? []).map(({ id }) => id);
  }

  #begin(): void {
    this.idle = false;
    this.host = new ActingHost(this.clock, this.lives);
    this.#session = this.#createSession();
  }

  #createSession(): AgentSession {
    const { clock, name } = this;
    const number = ++this.#agents;
    return new AgentSession({
      identity: { version: '1', build: 'b', node: 'v24', place: name },
      createEngine: ({ epoch }, listener) =>
        new LauncherAgentEngine({ host: this.host, epoch, clock, random: () => 0.5, listener }),
      clock,
      createId: () => `${name}-${number}`,
      measure: () => ({ load: 0, rss: 1 }),
      onIdle: () => void (this.idle ||= number === this.#agents),
    });
  }
}

/** A master and its hosts, agents and all, on one clock that is turned by hand. */
export class RemoteFleet {
  readonly clock = new ManualClock();
  readonly sink = new RecordingSink();
  readonly lives = new Lives();
  readonly hosts: ReadonlyMap<string, PlayedHost>;
  readonly engine: LauncherEngine;
  exitCode: number | undefined;
  /** Of processes: `started 1.1`, `stopped 1.1 stopped`. */
  readonly events: string[] = [];

  private constructor(groups: readonly GroupOptions[], names: readonly string[], lease: number) {
    this.hosts = new Map(names.map((name) => [name, new PlayedHost(name, lease, this.clock, this.lives)]));
    const bus = new EventBus(() => {});
    bus.on('process_started', ({ process }) => this.events.push(`started ${process.id}.${process.incarnation}`));
    bus.on('process_stopped', ({ process, exit }) =>
      this.events.push(`stopped ${process.id}.${process.incarnation} ${exit.reason}`),
    );
    const { clock, sink, hosts: agents } = this;
    const view = { isMaster: true, isRunning: true, processes: [], groups: [], queues: [] };
    const options = {
      clock,
      host: new ActingHost(clock, this.lives),
      logger: sink,
      agents,
      random: () => 0.5,
      timeout: 0,
    };
    this.engine = new LauncherEngine(groups, options, view, bus);
    void this.engine.run().then(({ exitCode }) => (this.exitCode = exitCode));
  }

  /** All run. Leases last 10 s. */
  static async running(groups: readonly GroupOptions[], names: readonly string[], lease = 10): Promise<RemoteFleet> {
    const fleet = new RemoteFleet(groups, names, lease);
    await new Promise((resolve) => setImmediate(resolve));
    await fleet.until(() => fleet.states.every((state) => state.endsWith('running')));
    return fleet;
  }

  host(name: string): PlayedHost {
    return this.hosts.get(name)!;
  }

  /** `id.incarnation state` each. */
  get states(): string[] {
    return this.engine.processes.map(({ id, incarnation, state }) => `${id}.${incarnation} ${state}`);
  }

  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= STEP_MS) {
      this.clock.advance(Math.min(STEP_MS, left));
      await settle();
    }
  }

  /** Passes time until it is so. */
  async until(condition: () => boolean): Promise<void> {
    const end = this.clock.monotonicMs() + PATIENCE_MS;
    await settle();
    while (!condition()) {
      if (this.clock.monotonicMs() > end) throw new Error(`In vain: ${this.states.join(', ')}`);
      await this.pass(STEP_MS);
    }
  }

  /** Passes time until it is settled. */
  async settled<R>(promise: Promise<R>): Promise<R> {
    let over = false;
    const end = (): void => void (over = true);
    promise.then(end, end);
    await this.until(() => over);
    return promise;
  }

  async stop(): Promise<void> {
    this.engine.stop();
    await this.until(() => this.exitCode !== undefined);
  }
}
