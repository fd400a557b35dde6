import type { AgentNotice } from '../agent-channel/agent-notice.js';
import type { QueueKeys } from '../agent-channel/master-message.js';
import type { AgentLimits, AgentSpec, SeenProcess, Wanted } from '../agent-channel/terms.js';
import type { Clock } from '../clock/clock.js';
import { EventBus } from '../events/event-bus.js';
import { bootSlots } from '../launcher/boot-slots.js';
import { QueueLinks } from '../launcher/queue-links.js';
import { canHear } from '../launcher/queue-state.js';
import { createState, type LauncherState } from '../launcher/launcher-state.js';
import type { Supervised } from '../launcher/supervised.js';
import { Supervisor } from '../launcher/supervisor.js';
import { MASTER_ORIGIN } from '../logger/log-text.js';
import type { LogLevel } from '../logger/logger.js';
import { LatestMeasures } from '../metrics/latest-measures.js';
import type { MeasuredProcess } from '../metrics/process-measure.js';
import type { ProcessChange } from '../process/process-change.js';
import type { ProcessEffect, ProcessEvent } from '../process/process-decision.js';
import type { ProcessHost } from '../process/process-host.js';
import { isOver, type ProcessRecord } from '../process/process-record.js';
import type { ProcessSpec } from '../process/process-spec.js';
import type { AgentEngine, AgentEngineListener } from './agent-engine.js';
import { EventFeed } from './listener/event-feed.js';
import type { StartListener } from './listener/listener-keeper.js';

const HEARTBEAT_MS = 1000;
const MB = 1_048_576;

export interface LauncherAgentEngineOptions {
  readonly host: ProcessHost;
  readonly epoch: number;
  readonly clock: Clock;
  /** Default: two for each processor. */
  readonly bootSlots?: number;
  /** Numbers from 0 to 1. */
  readonly random: () => number;
  readonly listener: AgentEngineListener;
  /** Default: none can be started. */
  readonly startListener?: StartListener;
}

/** The launcher inside an agent: the same decisions as a master's, but it starts what it is told to. */
export class LauncherAgentEngine implements AgentEngine {
  #state: LauncherState | undefined;
  #supervisor: Supervisor | undefined;
  #folder = '';
  #queueLinks: QueueLinks | undefined;
  readonly #bus: EventBus;
  #feed: EventFeed | undefined;
  #cancelHeartbeat = (): void => {};
  /** What was told last of each process. */
  readonly #told = new Map<number, ProcessRecord>();
  readonly #measures = new LatestMeasures();
  #lookedAt: number;
  #wasOver = true;

  constructor(private readonly options: LauncherAgentEngineOptions) {
    this.#lookedAt = options.clock.monotonicMs();
    this.#bus = new EventBus((name, error) => this.#log('error', `A listener of ${name} failed: ${String(error)}`));
  }

  get allOver(): boolean {
    return this.#state === undefined || this.#state.tallies.all.live === 0;
  }

  async open(): Promise<void> {
    const { folder } = await this.options.host.open((level, message) => this.#log(level, message));
    this.#folder = folder;
  }

  start(
    specs: readonly AgentSpec[],
    { maxProcessTimeout }: AgentLimits,
    keys?: QueueKeys,
    hostEvents: boolean = false,
  ): void {
    const limits = {
      timeoutMs: 0,
      maxRunningTimeMs: 0,
      maxProcessTimeout,
      bootSlots: this.options.bootSlots ?? bootSlots(),
    };
    this.#state = createState(ownOf(specs), limits, { mode: 'agent', firstIncarnations: firstOf(specs) });
    this.#queueLinks = new QueueLinks(() => this.#folder, keys);
    this.#supervisor = this.#supervise(this.#state, this.#queueLinks);
    this.#beat();
    if (hostEvents) this.#feed = this.#createFeed(this.#supervisor);
    this.#supervisor.post({ type: 'run' });
  }

  add(specs: readonly AgentSpec[], keys: QueueKeys = {}): void {
    this.#queueLinks?.learn(keys);
    this.#supervisor?.post({ type: 'add', specs: ownOf(specs), firstIncarnations: firstOf(specs) });
  }

  retire(ids: readonly number[]): void {
    this.#supervisor?.post({ type: 'retire', ids, force: false });
  }

  want(id: number, wanted: Wanted, again: boolean = false): void {
    if (wanted !== 'run') return this.#end(id, wanted, again);
    if (again && this.#isOver(id)) this.#startAgain(id);
    else this.#start(id);
  }

  tell(id: number, incarnation: number, notice: AgentNotice): void {
    const record = this.#state?.processes.get(id);
    if (record === undefined || record.incarnation !== incarnation || !canHear(record)) return;
    if (notice.type === 'item-timeout') this.#post(id, notice);
    else this.#supervisor!.supervised.get(id)!.tell(notice);
  }

  clear(id: number, incarnation: number): void {
    this.#supervisor?.post({ type: 'clear', id, incarnation });
  }

  stopAll(): void {
    this.#supervisor?.post({ type: 'hold', force: false });
  }

  resumeAll(): void {
    this.#supervisor?.post({ type: 'release' });
    this.#feed?.release();
  }

  killAll(): void {
    this.#supervisor?.post({ type: 'hold', force: true });
    this.#feed?.hold();
  }

  leaseRenewed(remainingMs: number): void {
    this.options.host.renewLease(remainingMs);
    this.#supervisor?.renewLease(remainingMs / 1000);
  }

  seen(): readonly SeenProcess[] {
    const since = this.#lookedAt;
    const now = this.options.clock.monotonicMs();
    this.#lookedAt = now;
    return [...this.#records()].flatMap(({ spec, seenAt, rssBytes }) => {
      if (seenAt === undefined || seenAt <= since) return [];
      const rss = rssBytes === undefined ? {} : { rss: Math.round(rssBytes / MB) };
      return [{ id: spec.id, ageMs: now - seenAt, ...rss }];
    });
  }

  measured(): readonly MeasuredProcess[] {
    return this.#measures.take();
  }

  farewell(): Promise<void> | undefined {
    return this.#feed?.end();
  }

  async close(): Promise<void> {
    this.#cancelHeartbeat();
    this.#supervisor?.end();
    await this.farewell();
    await this.options.host.close();
  }

  /** The master may take what is over for one that was to start again. */
  #end(id: number, wanted: 'stop' | 'kill', again: boolean): void {
    const wasOver = this.#isOver(id);
    this.#post(id, { type: wanted });
    if (again && wasOver) this.#tell(this.#state!.processes.get(id)!);
  }

  #isOver(id: number): boolean {
    const record = this.#state?.processes.get(id);
    return record !== undefined && isOver(record);
  }

  /** Without the whole lease it waits, as all others do. */
  #startAgain(id: number): void {
    this.#post(id, { type: 'recycle' });
    if (this.#state!.held) this.#post(id, { type: 'suspend' });
  }

  #post(id: number, event: ProcessEvent): void {
    this.#supervisor?.post({ type: 'process', id, event });
  }

  #records(): Iterable<ProcessRecord> {
    return this.#state?.processes.values() ?? [];
  }

  #supervise(state: LauncherState, queueLinks: QueueLinks): Supervisor {
    const { host, clock, random, epoch, listener } = this.options;
    return new Supervisor({
      state,
      clock,
      random,
      sink: listener.sink,
      bus: this.#bus,
      host,
      queueLinks,
      epoch: () => epoch,
      listener: {
        started: () => {},
        finished: () => {},
        relay: ({ spec, incarnation }, message) => listener.said(spec.id, incarnation, message),
        publishing: (record, effect) => this.#tell(record, effect),
        added: (added) => this.#onAdded(added),
        forgot: (gone) => this.#onForgot(gone),
        measured: (id, incarnation, measure) => this.#measures.add(id, incarnation, measure),
        settled: () => this.#settled(),
      },
    });
  }

  #beat(): void {
    this.#cancelHeartbeat = this.options.clock.setTimer(HEARTBEAT_MS, () => this.#beat());
    this.#supervisor?.heartbeat();
    this.#feed?.beat();
  }

  #start(id: number): void {
    this.#feed?.wanted(id);
    this.#supervisor?.post({ type: 'start', id });
  }

  #onAdded(added: readonly Supervised[]): void {
    this.#feed?.add(added.map(({ view }) => view));
  }

  #onForgot({ view }: Supervised): void {
    this.#told.delete(view.id);
    this.#feed?.forget(view);
    this.options.listener.forgotten(view);
  }

  #createFeed({ supervised }: Supervisor): EventFeed | undefined {
    const { startListener, clock } = this.options;
    if (startListener === undefined) return undefined;
    const views = new Map([...supervised].map(([id, { view }]) => [id, view]));
    const log = (level: LogLevel, message: string): void => this.#log(level, message);
    const feed = new EventFeed({ bus: this.#bus, views, start: startListener, clock, log });
    for (const { events } of supervised.values()) events.created();
    return feed;
  }

  #log(level: LogLevel, message: string): void {
    this.options.listener.sink.write(MASTER_ORIGIN, level, message);
  }

  #tell(record: ProcessRecord, effect?: Extract<ProcessEffect, { type: 'publish' }>): void {
    this.#told.set(record.spec.id, record);
    this.options.listener.changed(changeOf(record, effect));
  }

  #settled(): void {
    const state = this.#state!;
    for (const id of state.touched) {
      const record = state.processes.get(id);
      if (record === undefined || !differs(record, this.#told.get(id))) continue;
      this.#tell(record);
      this.#feed?.changed(id);
    }
    const wasOver = this.#wasOver;
    this.#wasOver = this.allOver;
    if (this.#wasOver && !wasOver) this.options.listener.over();
  }
}

/** Here there is no other agent. */
function ownOf(specs: readonly AgentSpec[]): ProcessSpec[] {
  return specs.map(({ spec }) => ({ ...spec, agent: undefined }));
}

function firstOf(specs: readonly AgentSpec[]): ReadonlyMap<number, number> {
  return new Map(specs.map(({ spec, firstIncarnation }) => [spec.id, firstIncarnation]));
}

function changeOf(record: ProcessRecord, effect?: Extract<ProcessEffect, { type: 'publish' }>): ProcessChange {
  const { spec, state, pid, incarnation, adopts } = record;
  return {
    id: spec.id,
    state,
    incarnation,
    ...(pid === undefined ? {} : { pid }),
    ...(adopts && state === 'running' ? { adopts } : {}),
    ...(effect === undefined ? {} : { published: effect.name }),
    ...(effect !== undefined && 'exit' in effect ? { exit: effect.exit } : {}),
  };
}

function differs(record: ProcessRecord, told: ProcessRecord | undefined): boolean {
  if (told === undefined) return record.state !== 'created';
  return record.state !== told.state || record.pid !== told.pid || record.incarnation !== told.incarnation;
}
