import type { HostedProcess } from '../process/process-host.js';
import type { ProcessSpec } from '../process/process-spec.js';
import type { RunFolder } from './run-directory.js';
import { SimFeed } from './sim-feed.js';
import { SimFleet } from './sim-fleet.js';
import type { Schedule } from './schedule.js';
import type { Machine, SimProcess } from './machine.js';

/** The truth about one run of the fleet: one life of a master. */
export class SimRun {
  readonly incarnations: Incarnation[] = [];
  /** Queue groups by their names: who is connected. */
  readonly feeds = new Map<string, SimFeed>();
  /** On the master's machine, then those of its agents. */
  readonly tenancies: Tenancy[] = [];
  /** What its operator has made of it. */
  readonly fleet: SimFleet;
  /** Since it has the fleet; 0: it never had. */
  epoch = 0;
  openedAt: number | undefined;
  /** When it began to stop everything, by its own words. */
  stoppingSince: number | undefined;
  /** When it was asked from outside. */
  stopAskedAt: number | undefined;
  killAskedAt: number | undefined;
  /** Its own timeout has struck. */
  timedOut = false;
  /** It gave up waiting for the end of what it had killed. */
  abandoned = false;
  /** Its log accepts no more for now. */
  full = false;
  exitCode: number | undefined;
  /** It says that it is connected to its agent. */
  linkedSince: number | undefined;

  constructor(
    readonly number: number,
    readonly master: SimProcess,
    readonly schedule: Schedule,
    /** When the master began. */
    readonly begunAt: number,
  ) {
    this.fleet = new SimFleet(schedule);
  }

  get home(): Tenancy {
    return this.tenancies[0]!;
  }

  of(id: number): Incarnation[] {
    return this.incarnations.filter(({ spec }) => spec.id === id);
  }

  feedOf(group: string): SimFeed {
    const feed = this.feeds.get(group) ?? new SimFeed();
    this.feeds.set(group, feed);
    return feed;
  }

  get living(): Incarnation[] {
    return this.incarnations.filter(({ lives }) => lives);
  }
}

/** One launcher, master or agent, that has a machine for a run of the fleet. */
export class Tenancy {
  /** Undefined until it has it. */
  folder: RunFolder | undefined;
  watchdog: SimProcess | undefined;
  /** It was killed, and its launcher as well: nobody cleans up but a successor. */
  watchdogLost = false;
  /** Of an agent: processes that it knows of. */
  readonly known = new Set<number>();

  constructor(
    readonly run: SimRun,
    readonly launcher: SimProcess,
  ) {
    run.tenancies.push(this);
  }

  get machine(): Machine {
    return this.launcher.machine;
  }

  get living(): Incarnation[] {
    return this.run.living.filter(({ tenancy }) => tenancy === this);
  }
}

/** The truth about one incarnation: what really happens, and what its launcher has got to know of it. */
export class Incarnation {
  /** Its process, and what that has forked into its group. */
  readonly members: SimProcess[] = [];
  /** The program was executed; before that it is only our wrapper. */
  executed = false;
  /** Lines it has said, and lines that were logged. */
  said = 0;
  logged = 0;
  /** Times at which the launcher acted or heard. */
  readyHeardAt: number | undefined;
  heardAt = 0;
  endedHeardAt: number | undefined;
  exitHeardAt: number | undefined;
  stopAskedAt: number | undefined;
  killedAt: number | undefined;
  /** Heard later than one timeout after it was ready: time-outs count from zero again. */
  proven = false;
  /** Exit code, when it had one. */
  code: number | null = null;
  /** Of a consumer: the incarnation of the feeder whose item it has begun. */
  heldFrom: number | undefined;
  /** Of a consumer: its feeder has said that it leaves. */
  leaving = false;
  /** What its launcher has in hand. */
  hosted: HostedProcess | undefined;
  /** When `start` of the host was called. */
  readonly startedAt: number;

  constructor(
    readonly tenancy: Tenancy,
    /** Unique in a simulation: two agents may count alike. */
    readonly serial: number,
    readonly spec: ProcessSpec,
    readonly number: number,
    now: number,
  ) {
    this.startedAt = now;
  }

  get run(): SimRun {
    return this.tenancy.run;
  }

  get leader(): SimProcess | undefined {
    return this.members[0];
  }

  /** Whether its program, or anything that belongs to its group, runs. */
  get lives(): boolean {
    return this.executed && this.members.some(({ alive }) => alive);
  }

  /** Since when its launcher is the master, or one that the master can hear; Infinity: it is not. */
  get heardSince(): number {
    const { home, tenancies, master, linkedSince = Infinity } = this.run;
    if (!master.alive) return Infinity;
    if (this.tenancy === home) return 0;
    return this.tenancy === tenancies.at(-1) ? linkedSince : Infinity;
  }

  get isRemote(): boolean {
    return this.tenancy !== this.run.home;
  }

  get isFeeder(): boolean {
    return this.spec.queue?.role === 'feeder';
  }

  get isConsumer(): boolean {
    return this.spec.queue?.role === 'consumer';
  }

  get group(): string {
    return this.spec.config.name;
  }

  /** Whether both are of the same group and run. */
  isWith(other: Incarnation): boolean {
    return other.run === this.run && other.spec.config.name === this.spec.config.name;
  }

  /** Its launcher got a sign of life. */
  heard(now: number): void {
    const { console, timeout } = this.spec.config;
    const readyAt = console === false ? this.startedAt : this.readyHeardAt;
    this.heardAt = now;
    if (readyAt !== undefined && now - readyAt > timeout * 1000) this.proven = true;
  }

  get name(): string {
    return `${this.spec.id}.${this.number}`;
  }
}
