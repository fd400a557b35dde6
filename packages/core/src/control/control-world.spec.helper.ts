import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { EventJournal } from '../event-journal/event-journal.js';
import { EventBus } from '../events/event-bus.js';
import {
  MasterStartedEvent,
  ProcessCreatedEvent,
  ProcessRunningEvent,
  ProcessStartedEvent,
  ProcessStoppedEvent,
  ProcessTimedOutEvent,
  type LauncherView,
} from '../events/lifecycle-events.js';
import type { ManagedProcess } from '../process/managed-process.js';
import type { ProcessExit } from '../process/process-exit.js';
import { ManualClock } from '../testing/manual-clock.js';
import { RecordingSink } from '../testing/recording-sink.js';
import { ControlClient } from './control-client.js';
import { GroupUnknownError } from './control-errors.js';
import type { ControlOptions } from './control-options.js';
import { EventFeed } from './event-feed.js';
import type { FleetControl } from './fleet-control.js';
import { FleetRecorder } from './fleet-recorder.js';
import type { FleetSource, SourceGroup } from './fleet-source.js';
import { openControl, type Control } from './open-control.js';
import { controlSocket } from './socket-address.js';

export const EPOCH = 7;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const VIEW: LauncherView = { isMaster: true, isRunning: true, processes: [], groups: [], queues: [] };

/** A folder that is gone when the test ends. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'da-control-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function managed(id: number, options: Partial<ManagedProcess> = {}): Mutable<ManagedProcess> {
  const group = options.group ?? 'Group';
  const display = `work/${id}/${id}`;
  const ids = { id, groupId: id, groupCount: 1, group, host: 'localhost', command: 'work', display };
  return { ...ids, state: 'running', pid: 1000 + id, incarnation: 1, lastSeen: undefined, ...options };
}

/** A fleet that a test plays, with a real journal and a real socket. */
export class ControlWorld {
  readonly clock = new ManualClock();
  readonly sink = new RecordingSink();
  readonly errors: unknown[] = [];
  readonly bus = new EventBus((_name, error) => this.errors.push(error));
  readonly folder = testFolder();
  /** What the fleet was told. */
  readonly told: string[] = [];
  /** Thrown by what is asked for next. */
  failure: Error | undefined;
  readonly processes: Mutable<ManagedProcess>[] = [];
  readonly groups: SourceGroup[] = [{ name: 'Group', kind: 'group', command: 'work', suspended: false }];
  readonly source: Mutable<FleetSource>;
  readonly recorder: FleetRecorder;
  readonly journal: EventJournal;
  readonly feed: EventFeed;

  constructor() {
    const { clock, sink, bus, folder, groups, processes } = this;
    const log = this.#log.bind(this);
    this.source = {
      name: 'fleet',
      epoch: EPOCH,
      service: false,
      isStopping: false,
      change: undefined,
      groups,
      processes,
      queues: [],
      roleOf: () => undefined,
    };
    this.recorder = new FleetRecorder({ bus, clock, sink, processes: () => processes });
    this.journal = new EventJournal({ folder, epoch: EPOCH, clock, log });
    this.feed = new EventFeed({ bus, clock, epoch: EPOCH, journal: this.journal, roleOf: () => undefined });
  }

  get client(): ControlClient {
    return new ControlClient(controlSocket(this.folder), { operator: 'tester' });
  }

  /** A socket that is closed when the test ends. */
  async open(options: Partial<ControlOptions> = {}): Promise<Control> {
    const { folder, source, recorder, feed, journal, clock } = this;
    const given = { folder, source, recorder, feed, journal, journalFolder: folder, clock };
    const control = await openControl({ ...given, fleet: this.#fleet(), log: this.#log.bind(this), ...options });
    onTestFinished(() => control.close());
    return control;
  }

  started(): void {
    this.bus.publish('master_started', new MasterStartedEvent(VIEW));
  }

  /** Known and started. */
  start(id: number, options: Partial<ManagedProcess> = {}): Mutable<ManagedProcess> {
    const process = managed(id, options);
    this.processes.push(process);
    this.bus.publish('process_created', new ProcessCreatedEvent(process));
    this.bus.publish('process_started', new ProcessStartedEvent(process));
    return process;
  }

  startAgain(process: Mutable<ManagedProcess>): void {
    process.incarnation++;
    process.state = 'running';
    this.bus.publish('process_started', new ProcessStartedEvent(process));
  }

  say(process: ManagedProcess, line: string): void {
    this.bus.publish('process_running', new ProcessRunningEvent(process, line));
  }

  stop(process: Mutable<ManagedProcess>, exit: Partial<ProcessExit> = {}): void {
    process.state = 'stopped';
    const whole: ProcessExit = { code: 0, signal: null, reason: 'ended', forced: false, ...exit };
    this.bus.publish('process_stopped', new ProcessStoppedEvent(process, whole));
  }

  timeOut(process: ManagedProcess): void {
    this.bus.publish('process_timedout', new ProcessTimedOutEvent(process));
  }

  #log(level: string, message: string): void {
    this.sink.records.push(`${level} ${message}`);
  }

  #fleet(): FleetControl {
    const tell = (text: string): void => {
      if (this.failure !== undefined) throw this.failure;
      this.told.push(text);
    };
    const know = (name: string): void => {
      const names = this.groups.map((group) => group.name);
      if (!names.includes(name)) throw new GroupUnknownError(name, names);
    };
    const about = (what: string, name: string, rest: unknown = ''): void => {
      know(name);
      tell(`${what} ${name} ${typeof rest === 'string' ? rest : JSON.stringify(rest)}`.trim());
    };
    const plan = { steps: [], atRestart: [] };
    return {
      suspendGroup: (name, options) => about('suspend', name, options),
      resumeGroup: (name) => about('resume', name),
      suspendAll: (options) => tell(`suspend all ${JSON.stringify(options)}`),
      resumeAll: () => tell('resume all'),
      restartGroup: async (name, options) => about('restart', name, options),
      scaleGroup: async (name, count) => about('scale', name, String(count)),
      reload: async (name) => {
        if (name === undefined) tell('reload all');
        else about('reload', name);
        return { completed: true, replaced: 2, left: 0 };
      },
      apply: async (groups) => {
        tell(`apply ${groups.length}`);
        return { plan, completed: true, rolledBack: false };
      },
      stop: async () => tell('stop'),
    };
  }
}
