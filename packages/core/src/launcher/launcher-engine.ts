import type { Clock } from '../clock/clock.js';
import { SystemClock } from '../clock/system-clock.js';
import { checkDependencies } from '../config/check-dependencies.js';
import type { GroupOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import type { FleetControl } from '../control/fleet-control.js';
import { FleetWatch } from '../control/fleet-watch.js';
import type { EventBus } from '../events/event-bus.js';
import {
  MasterRunningEvent,
  MasterStartedEvent,
  MasterStartingEvent,
  MasterStoppedEvent,
  type LauncherView,
} from '../events/lifecycle-events.js';
import type { AgentTarget } from '../hosts/agent-target.js';
import { LocalHost } from '../local/local-host.js';
import { MASTER_ORIGIN } from '../logger/log-text.js';
import type { LogSink } from '../logger/logger.js';
import type { ManagedProcess } from '../process/managed-process.js';
import type { ProcessHost } from '../process/process-host.js';
import { LOCAL_AGENT } from '../placement/agent-targets.js';
import { placeProcesses } from '../placement/place-processes.js';
import { connectAgents } from './agent-connections.js';
import { bootSlots } from './boot-slots.js';
import { FleetOperator } from './fleet-operator.js';
import type { LauncherEvent } from './launcher-decision.js';
import { LauncherFleetPort } from './launcher-fleet-port.js';
import { LAUNCHER_DEFAULTS, type LauncherOptions, type RunResult } from './launcher-options.js';
import { LauncherSource } from './launcher-source.js';
import { createState, type LauncherState } from './launcher-state.js';
import { viewOf, type QueueView } from './queue-counts.js';
import { QueueLinks } from './queue-links.js';
import { RemoteHosts, type RemoteAgent } from './remote-hosts.js';
import { RemoteProcess } from './remote-process.js';
import type { Supervised } from './supervised.js';
import { Supervisor } from './supervisor.js';
import { toLogSink } from './to-log-sink.js';

const HEARTBEAT_MS = 1000;

/** One run of a master: from taking the host to the last line of its log. */
export class LauncherEngine {
  readonly sink: LogSink;
  readonly operator: FleetOperator;
  /** What is kept and shown of a run that others may ask for. */
  readonly #watch: FleetWatch | undefined;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #host: ProcessHost;
  readonly #state: LauncherState;
  readonly #supervisor: Supervisor;
  readonly #targets: readonly AgentTarget[];
  /** By their keys, also those that have no processes any more. */
  readonly #agents = new Map<string, RemoteAgent>();
  #processes: readonly ManagedProcess[] | undefined;
  readonly #remote = new RemoteHosts();
  #epoch = 0;
  #folder = '';
  #cancelHeartbeat = (): void => {};
  #abandonFlush = (): void => {};
  #finish = (_result: RunResult): void => {};

  /**
   * @throws DependencyError
   * @throws ConfigError for a host that is none
   */
  constructor(
    groups: readonly (GroupOptions | QueueGroupOptions)[],
    private readonly options: LauncherOptions,
    private readonly view: LauncherView,
    private readonly bus: EventBus,
    fleet?: FleetControl,
  ) {
    checkDependencies(groups);
    this.#clock = options.clock ?? new SystemClock();
    this.#random = options.random ?? Math.random;
    this.#host = options.host ?? new LocalHost({ fleet: options.name });
    this.#watch = this.#watching(fleet);
    this.sink = this.#watch?.sink ?? toLogSink(options.logger);
    const { specs, targets } = placeProcesses(groups, { localAgent: options.agents?.has(LOCAL_AGENT) });
    this.#targets = targets;
    this.#state = createState(specs, limitsOf(options), { service: options.service });
    this.#supervisor = this.#supervise();
    this.operator = this.#operator(groups);
  }

  /** Names of the groups that there are now. */
  get groups(): readonly string[] {
    return this.operator.groups.map(({ name }) => name);
  }

  /** Those that there are now, in the order of their ids. */
  get processes(): readonly ManagedProcess[] {
    this.#processes ??= [...this.#supervisor.supervised.values()].map((each) => each.view);
    return this.#processes;
  }

  get queues(): readonly QueueView[] {
    return [...this.#state.queues.values()].map((queue) => viewOf(queue, this.#clock.monotonicMs()));
  }

  /** Of the run; empty before. */
  get folder(): string {
    return this.#folder;
  }

  /** @throws FleetRunningError */
  async run(): Promise<RunResult> {
    await this.#meet(this.#targets);
    const { epoch, folder } = await this.#host.open(
      (level, message) => this.sink.write(MASTER_ORIGIN, level, message),
      [...this.#state.processes.values()].flatMap(({ spec }) => (spec.agent === undefined ? [spec.id] : [])),
    );
    this.#epoch = epoch;
    this.#folder = folder;
    try {
      await this.#watch?.open(folder);
      return await this.#runToEnd();
    } finally {
      await this.#watch?.close();
      await this.#host.close();
    }
  }

  stop(): void {
    this.#supervisor.post({ type: 'stop' });
  }

  kill(): void {
    this.#supervisor.post({ type: 'kill' });
    this.#abandonFlush();
  }

  async #runToEnd(): Promise<RunResult> {
    const finished = new Promise<RunResult>((resolve) => (this.#finish = resolve));
    this.bus.publish('master_starting', new MasterStartingEvent(this.view));
    for (const each of this.#supervisor.supervised.values()) each.events.created();
    this.#cancelHeartbeat = this.#clock.setTimer(HEARTBEAT_MS, () => this.#heartbeat());
    this.#connect();
    this.#supervisor.post({ type: 'run' });
    const result = await finished;
    await this.#remote.close();
    await this.#flush();
    this.bus.publish('master_stopped', new MasterStoppedEvent(this.view));
    return result;
  }

  #supervise(): Supervisor {
    return new Supervisor({
      state: this.#state,
      clock: this.#clock,
      random: this.#random,
      sink: this.sink,
      bus: this.bus,
      host: this.#host,
      queueLinks: new QueueLinks(() => this.#folder),
      epoch: () => this.#epoch,
      listener: {
        started: () => this.bus.publish('master_started', new MasterStartedEvent(this.view)),
        finished: (exitCode) => this.#end(exitCode),
        added: (added) => this.#onAdded(added),
        forgot: () => (this.#processes = undefined),
        settled: () => this.#onSettled(),
        measured: (...measured) => this.#watch?.measured(...measured),
      },
    });
  }

  #operator(groups: readonly (GroupOptions | QueueGroupOptions)[]): FleetOperator {
    const post = (event: LauncherEvent): void => this.#supervisor.post(event);
    const port = new LauncherFleetPort({
      clock: this.#clock,
      sink: this.sink,
      state: this.#state,
      groups,
      localAgent: this.options.agents?.has(LOCAL_AGENT) ?? false,
      targets: this.#targets,
      post,
      connect: (targets) => this.#meet(targets),
    });
    return new FleetOperator(this.#state, post, port, this.#watch);
  }

  /** Of a run without a name nobody knows where it is. */
  #watching(fleet: FleetControl | undefined): FleetWatch | undefined {
    const { name, service = false, control = name !== undefined, operator, metrics, logger } = this.options;
    if (fleet === undefined || (name === undefined && !control && metrics === undefined)) return undefined;
    return new FleetWatch({
      bus: this.bus,
      clock: this.#clock,
      sink: toLogSink(logger),
      source: new LauncherSource(() => {
        const { operator: changes, processes, queues } = this;
        return { name, service, epoch: this.#epoch, state: this.#state, operator: changes, processes, queues };
      }),
      ...(control && { fleet }),
      operator,
      metrics,
      log: (level, message) => this.sink.write(MASTER_ORIGIN, level, message),
    });
  }

  #onAdded(added: readonly Supervised[]): void {
    this.#processes = undefined;
    const remote = added.filter((each) => each instanceof RemoteProcess);
    if (remote.length > 0) this.#remote.add([...this.#agents.values()], remote);
  }

  #onSettled(): void {
    this.#remote.flush();
    this.operator.settled();
  }

  /** Finds out how agents are reached. */
  async #meet(targets: readonly AgentTarget[]): Promise<void> {
    const agents = await connectAgents(targets, {
      given: this.options.agents ?? new Map(),
      clock: this.#clock,
      log: (host, level, message) => this.sink.write({ host, display: MASTER_ORIGIN.display }, level, message),
    });
    for (const agent of agents) this.#agents.set(agent.key, agent);
  }

  #connect(): void {
    this.#remote.connect([...this.#agents.values()], this.#supervisor, {
      // Of fleets without a name each is one of its own.
      fleet: this.options.name ?? `unnamed-${process.pid}-${this.#epoch}`,
      epoch: this.#epoch,
      limits: { maxProcessTimeout: this.#state.limits.maxProcessTimeout },
      hostEvents: this.options.hostEvents ?? false,
      clock: this.#clock,
      random: this.#random,
      sink: this.sink,
    });
  }

  #heartbeat(): void {
    this.#cancelHeartbeat = this.#clock.setTimer(HEARTBEAT_MS, () => this.#heartbeat());
    this.#supervisor.heartbeat();
    this.bus.publish('master_running', new MasterRunningEvent(this.view));
  }

  #end(exitCode: number): void {
    this.#cancelHeartbeat();
    this.#supervisor.end();
    this.#finish({ exitCode });
  }

  /** Whoever is to read our output and does not holds up the end of the run only until its timeout, or until a kill. */
  async #flush(): Promise<void> {
    const { timeoutMs } = this.#state.limits;
    const abandoned = new Promise<void>((resolve) => (this.#abandonFlush = resolve));
    const cancel = timeoutMs === 0 ? () => {} : this.#clock.setTimer(timeoutMs, this.#abandonFlush);
    await Promise.race([this.sink.flush(), abandoned]);
    cancel();
  }
}

function limitsOf(options: LauncherOptions): LauncherState['limits'] {
  return {
    timeoutMs: (options.timeout ?? LAUNCHER_DEFAULTS.timeout) * 1000,
    maxRunningTimeMs: (options.maxRunningTime ?? LAUNCHER_DEFAULTS.maxRunningTime) * 1000,
    maxProcessTimeout: options.maxProcessTimeout ?? LAUNCHER_DEFAULTS.maxProcessTimeout,
    bootSlots: options.bootSlots ?? bootSlots(),
  };
}
