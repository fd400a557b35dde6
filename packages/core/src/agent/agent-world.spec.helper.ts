import type { AgentLink, AgentLinkListener } from '../agent-channel/agent-link.js';
import type { AgentNotice } from '../agent-channel/agent-notice.js';
import type { AgentLimits, AgentSpec, SeenProcess, Wanted } from '../agent-channel/terms.js';
import { HostLink } from '../hosts/host-link.js';
import type { HostListener, HostLinkOptions } from '../hosts/host-link-options.js';
import type { LogLevel } from '../logger/logger.js';
import type { ProcessChange } from '../process/process-change.js';
import type { ProcessSpec } from '../process/process-spec.js';
import { ManualClock } from '../testing/manual-clock.js';
import { group, listProcesses } from '../testing/process-specs.js';
import type { AgentEngine, AgentEngineListener } from './agent-engine.js';
import { AgentSession } from './agent-session.js';

/** One way, in milliseconds. */
const LATENCY_MS = 5;

export const LEASE_MS = 10_000;

/** One end of a link that delivers after a while, unless the network is cut. */
export class FakeLink implements AgentLink {
  readonly sent: { type: string }[] = [];
  peer!: FakeLink;
  /** Nothing passes any more, and nobody is told. */
  cut = false;
  /** What is sent waits, until `release`. */
  held: (() => void)[] | undefined;
  open = true;
  /** What `send` says. */
  room = true;
  listener: AgentLinkListener | undefined;

  constructor(private readonly clock: ManualClock) {}

  static pair(clock: ManualClock): [FakeLink, FakeLink] {
    const [a, b] = [new FakeLink(clock), new FakeLink(clock)];
    a.peer = b;
    b.peer = a;
    return [a, b];
  }

  listen(listener: AgentLinkListener): void {
    this.listener = listener;
  }

  send(message: object): boolean {
    if (!this.open) return true;
    const text = JSON.stringify(message);
    this.sent.push(message as { type: string });
    this.#carry(() => this.peer.hear(JSON.parse(text)));
    return this.room;
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.#carry(() => this.peer.end('the other side has ended it'));
  }

  hear(message: unknown): void {
    if (this.open) this.listener?.message(message);
  }

  end(reason: string): void {
    if (!this.open) return;
    this.open = false;
    this.listener?.closed(reason);
  }

  /** A broken network: nobody hears anything any more. */
  cutBoth(): void {
    this.cut = true;
    this.peer.cut = true;
  }

  release(): void {
    const waiting = this.held ?? [];
    this.held = undefined;
    for (const deliver of waiting) deliver();
  }

  #carry(deliver: () => void): void {
    this.clock.setTimer(LATENCY_MS, () => {
      if (this.cut) return;
      if (this.held === undefined) deliver();
      else this.held.push(deliver);
    });
  }
}

/** An engine that notes what it is told; a test says what happens. */
export class FakeEngine implements AgentEngine {
  readonly calls: string[] = [];
  readonly leases: number[] = [];
  specs: readonly AgentSpec[] = [];
  allOver = true;
  opening = Promise.withResolvers<void>();
  saw: SeenProcess[] = [];

  constructor(
    readonly epoch: number,
    readonly listener: AgentEngineListener,
  ) {}

  open(): Promise<void> {
    this.calls.push('open');
    return this.opening.promise;
  }

  start(specs: readonly AgentSpec[], limits: AgentLimits): void {
    this.specs = specs;
    this.calls.push(`start ${specs.map(({ spec, firstIncarnation }) => `${spec.id}.${firstIncarnation}`).join(' ')}`);
    this.calls.push(`limits ${limits.maxProcessTimeout}`);
  }

  add(specs: readonly AgentSpec[]): void {
    this.specs = [...this.specs, ...specs];
    this.calls.push(`add ${specs.map(({ spec, firstIncarnation }) => `${spec.id}.${firstIncarnation}`).join(' ')}`);
  }

  retire(ids: readonly number[]): void {
    this.calls.push(`retire ${ids.join(' ')}`);
  }

  want(id: number, wanted: Wanted, again: boolean): void {
    this.calls.push(`want ${id} ${wanted}${again ? ' again' : ''}`);
  }

  tell(id: number, incarnation: number, { type }: AgentNotice): void {
    this.calls.push(`tell ${id}.${incarnation} ${type}`);
  }

  clear(id: number, incarnation: number): void {
    this.calls.push(`clear ${id}.${incarnation}`);
  }

  stopAll(): void {
    this.calls.push('stop-all');
  }

  resumeAll(): void {
    this.calls.push('resume-all');
  }

  killAll(): void {
    this.calls.push('kill-all');
  }

  leaseRenewed(remainingMs: number): void {
    this.leases.push(remainingMs);
  }

  seen(): readonly SeenProcess[] {
    return this.saw;
  }

  close(): Promise<void> {
    this.calls.push('close');
    return Promise.resolve();
  }

  /** A process began. */
  begin(id: number, incarnation: number): void {
    this.allOver = false;
    this.listener.changed({ id, state: 'starting', pid: 100, incarnation, published: 'process_started' });
  }

  /** The last process ended. */
  finish(id: number, incarnation: number): void {
    const exit = { code: 0, signal: null, reason: 'ended', forced: false } as const;
    this.listener.changed({ id, state: 'suspended', incarnation, published: 'process_stopped', exit });
    this.allOver = true;
    this.listener.over();
  }

  say(id: number, lines: string, level: LogLevel = 'log'): void {
    this.listener.sink.writeLines(this.specs.find(({ spec }) => spec.id === id)!.spec.origin, level, lines);
  }

  since(action: () => void): string[] {
    this.calls.length = 0;
    action();
    return [...this.calls];
  }
}

/** A master's host link and an agent's session on one clock. */
export class AgentWorld {
  readonly clock = new ManualClock();
  readonly engines: FakeEngine[] = [];
  readonly told: string[] = [];
  readonly specs: ProcessSpec[] = listProcesses([group({ local: { instancesCount: 2 } })]);
  /** Engines open at once. */
  opensAtOnce = true;
  /** The master's ends of all links so far. */
  readonly links: FakeLink[] = [];
  unreachable: Error | undefined;
  full: Promise<void> | undefined;
  idle = false;
  session = this.createSession();
  readonly host: HostLink;
  #ids = 0;

  constructor(changes: Partial<HostLinkOptions> = {}) {
    this.host = this.createHost(changes);
  }

  get engine(): FakeEngine {
    return this.engines.at(-1)!;
  }

  get link(): FakeLink {
    return this.links.at(-1)!;
  }

  createSession(place = 'machine'): AgentSession {
    return new AgentSession({
      identity: { version: '1.0.0', build: 'b', node: 'v24', place },
      createEngine: ({ epoch }, listener) => this.#createEngine(epoch, listener),
      clock: this.clock,
      createId: () => `agent-${++this.#ids}`,
      measure: () => ({ load: 0.5, rss: 40 }),
      onIdle: () => (this.idle = true),
    });
  }

  createHost(changes: Partial<HostLinkOptions> = {}): HostLink {
    return new HostLink({
      transport: 'SSH',
      fleet: 'fleet',
      epoch: 1,
      version: '1.0.0',
      leaseMs: LEASE_MS,
      specs: this.specs,
      limits: { maxProcessTimeout: 3 },
      queueKeyOf: () => Buffer.alloc(32).toString('base64'),
      connect: () => this.connect(),
      listener: this.#listener(),
      clock: this.clock,
      random: () => 0.5,
      full: () => this.full,
      ...changes,
    });
  }

  connect(): Promise<FakeLink> {
    if (this.unreachable !== undefined) return Promise.reject(this.unreachable);
    const [master, agent] = FakeLink.pair(this.clock);
    this.links.push(master);
    this.session.accept(agent);
    return Promise.resolve(master);
  }

  /** Connected, with both processes wanted and started. */
  static async running(changes: Partial<HostLinkOptions> = {}): Promise<AgentWorld> {
    const world = new AgentWorld(changes);
    world.wantBoth('run');
    world.host.run();
    await world.pass(100);
    world.engine.begin(1, 1);
    world.engine.begin(2, 1);
    await world.pass(100);
    return world;
  }

  wantBoth(wanted: Wanted): void {
    this.host.want(new Map(this.specs.map(({ id }) => [id, wanted])));
  }

  /** Lets time pass, in steps that let promises settle. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= LATENCY_MS) {
      this.clock.advance(Math.min(LATENCY_MS, left));
      await settle();
    }
  }

  since(action: () => void): string[] {
    this.told.length = 0;
    action();
    return [...this.told];
  }

  /** What is told while time passes. */
  async toldIn(ms: number, action = (): void => {}): Promise<string[]> {
    this.told.length = 0;
    action();
    await this.pass(ms);
    return this.told.filter((each) => each !== 'summary');
  }

  #createEngine(epoch: number, listener: AgentEngineListener): FakeEngine {
    const engine = new FakeEngine(epoch, listener);
    if (this.opensAtOnce) engine.opening.resolve();
    this.engines.push(engine);
    return engine;
  }

  #listener(): HostListener {
    return {
      onChange: (change) => void this.told.push(describeChange(change)),
      onLines: (id, level, lines) => void this.told.push(`${id} ${level}: ${lines.trimEnd()}`),
      onLog: (id, level, message, context) =>
        void this.told.push(`${id ?? 'host'} ${level}: ${context === undefined ? '' : `[${context}] `}${message}`),
      onSummary: () => void this.told.push('summary'),
      onQueue: (id, incarnation, { type }) => void this.told.push(`${id}.${incarnation} says ${type}`),
      onReachable: () => {},
    };
  }
}

export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

function describeChange({ id, state, incarnation, published, exit }: ProcessChange): string {
  return [`${id}.${incarnation} ${state}`, published, exit?.reason].filter((part) => part !== undefined).join(' ');
}
