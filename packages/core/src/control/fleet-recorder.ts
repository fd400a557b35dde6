import type { Clock } from '../clock/clock.js';
import type { EventBus } from '../events/event-bus.js';
import type { LogOrigin, LogSink } from '../logger/logger.js';
import type { ProcessMeasure } from '../metrics/process-measure.js';
import type { ManagedProcess } from '../process/managed-process.js';
import { GroupHistory } from './group-history.js';
import { OwnMeasure } from './own-measure.js';
import { ProcessHistory } from './process-history.js';
import { RecentLines } from './recent-lines.js';

/** So many processes that are gone may be remembered, and as many as there are. */
const MOST_GONE = 64;

export interface FleetRecorderOptions {
  readonly bus: EventBus;
  readonly clock: Clock;
  /** Where the log goes: what is said is read on its way there. */
  readonly sink: LogSink;
  /** Those that there are now. */
  readonly processes: () => readonly ManagedProcess[];
}

/** Keeps what a launcher itself forgets: what has happened in this run, and what was said last. */
export class FleetRecorder {
  readonly startedAt: Date;
  /** The log of the launcher. */
  readonly lines: RecentLines;
  readonly own: OwnMeasure;
  /** Every process that is due at once was started, or could not be. */
  isStarted = false;
  readonly #histories = new Map<number, ProcessHistory>();
  readonly #groups = new Map<string, GroupHistory>();
  readonly #ids = new Map<string, number>();
  /** With so many histories it is looked whose processes are gone. */
  #lookAt = MOST_GONE;

  constructor(private readonly options: FleetRecorderOptions) {
    const { clock, sink, bus } = options;
    this.startedAt = clock.date();
    this.lines = new RecentLines(sink, () => clock.date().getTime());
    this.own = new OwnMeasure(clock);
    this.#listen(bus, clock);
  }

  /** @param measure of the present incarnation */
  measured(id: number, measure: ProcessMeasure): void {
    this.#histories.get(id)?.measured(measure);
  }

  history(id: number): ProcessHistory | undefined {
    return this.#histories.get(id);
  }

  group(name: string): GroupHistory {
    const known = this.#groups.get(name) ?? new GroupHistory();
    this.#groups.set(name, known);
    return known;
  }

  /** Undefined: it is none of a process. */
  idOf({ group, display }: LogOrigin): number | undefined {
    return group === undefined ? undefined : this.#ids.get(display);
  }

  #listen(bus: EventBus, clock: Clock): void {
    bus.on('master_started', () => void (this.isStarted = true));
    bus.on('master_running', () => this.own.beat());
    bus.on('process_created', ({ process }) => void this.#of(process));
    bus.on('process_started', ({ process }) => this.#started(process, clock.date()));
    bus.on('process_timedout', ({ process }) => {
      this.#of(process).timeouts++;
      this.group(process.group).timeouts++;
    });
    bus.on('process_stopped', ({ process, exit }) => {
      this.#of(process).stopped(clock.date(), process.incarnation, exit);
      this.group(process.group).exited(exit.reason);
    });
  }

  #started(process: ManagedProcess, now: Date): void {
    const history = this.#of(process);
    const { restarts } = history;
    history.started(now);
    this.group(process.group).restarts += history.restarts - restarts;
  }

  #of(process: ManagedProcess): ProcessHistory {
    const { id, display } = process;
    const known = this.#histories.get(id);
    if (known !== undefined) return known;
    const made = new ProcessHistory(process);
    this.#histories.set(id, made);
    this.#ids.set(display, id);
    if (this.#histories.size > this.#lookAt) this.#forgetGone(id);
    return made;
  }

  /** In a fleet that is changed again and again most processes that there were are gone. */
  #forgetGone(newest: number): void {
    const present = new Set(this.options.processes().map(({ id }) => id));
    for (const [id, { process }] of this.#histories) {
      if (present.has(id) || id === newest) continue;
      const { display } = process;
      this.#histories.delete(id);
      this.#ids.delete(display);
      this.lines.forget(display);
    }
    this.#lookAt = 2 * this.#histories.size + MOST_GONE;
  }
}
