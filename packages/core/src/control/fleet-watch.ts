import { dirname } from 'node:path';
import type { Clock } from '../clock/clock.js';
import type { MetricsOptions } from '../config/distributed-architecture-config.js';
import { EventJournal } from '../event-journal/event-journal.js';
import type { ChangeEvent } from '../event-journal/journal-event.js';
import type { EventBus } from '../events/event-bus.js';
import type { LogLevel, LogSink } from '../logger/logger.js';
import { openMetrics, type OpenMetrics } from '../metrics/open-metrics.js';
import type { ProcessMeasure } from '../metrics/process-measure.js';
import { EventFeed } from './event-feed.js';
import type { ApplyResult, FleetControl, ReloadResult } from './fleet-control.js';
import { FleetRecorder } from './fleet-recorder.js';
import type { FleetSource } from './fleet-source.js';
import { readiness } from './health.js';
import { noteChange } from './note-change.js';
import type { Control } from './open-control.js';
import type { OperatorOptions } from './operator-options.js';

export interface FleetWatchOptions {
  readonly bus: EventBus;
  readonly clock: Clock;
  /** Where the log goes. */
  readonly sink: LogSink;
  readonly source: FleetSource;
  /** What changes the fleet; without, nothing can be asked for. */
  readonly fleet?: FleetControl;
  readonly operator?: OperatorOptions;
  readonly metrics?: MetricsOptions;
  readonly log: (level: LogLevel, message: string) => void;
}

/** All that a master keeps and shows of its run: what has happened, the journal, the control socket, the metrics. */
export class FleetWatch {
  readonly recorder: FleetRecorder;
  #journal: EventJournal | undefined;
  #feed: EventFeed | undefined;
  #control: Control | undefined;
  #metrics: OpenMetrics | undefined;

  constructor(private readonly options: FleetWatchOptions) {
    const { bus, clock, sink, source } = options;
    this.recorder = new FleetRecorder({ bus, clock, sink, processes: () => source.processes });
  }

  /** The log, on its way to where it goes. */
  get sink(): LogSink {
    return this.recorder.lines;
  }

  /**
   * To be called before anything happens in the fleet.
   *
   * @param folder of the run
   */
  async open(folder: string): Promise<void> {
    const { bus, clock, log, source } = this.options;
    const { epoch } = source;
    // The folder of a fleet stays when a run is over; one without a name has none.
    const journalFolder = source.name === undefined ? folder : dirname(folder);
    this.#journal = new EventJournal({ folder: journalFolder, epoch, clock, log });
    this.#feed = new EventFeed({ bus, clock, epoch, journal: this.#journal, roleOf: (id) => source.roleOf(id) });
    this.#metrics = await this.#openMetrics();
    this.#control = await this.#openControl(folder, journalFolder, this.#journal, this.#feed);
  }

  measured(id: number, incarnation: number, measure: ProcessMeasure): void {
    const process = this.recorder.history(id)?.process;
    if (process !== undefined) this.#metrics?.measured(process, incarnation, measure);
  }

  /** A change of the fleet: it is written down, and counted. */
  async during<T extends ReloadResult | ApplyResult | void>(
    change: Pick<ChangeEvent, 'change' | 'group'>,
    action: () => Promise<T>,
  ): Promise<T> {
    return noteChange((event) => this.#note(event), change, action);
  }

  /** To be called when all is over. */
  async close(): Promise<void> {
    await this.#control?.close();
    await this.#metrics?.close();
    await this.#journal?.flush();
  }

  #note(event: ChangeEvent): void {
    this.#feed?.change(event);
    this.#metrics?.noted(event);
  }

  #openMetrics(): Promise<OpenMetrics> {
    const { metrics: serve, source, clock, log } = this.options;
    const { recorder } = this;
    const ready = () => readiness({ source, recorder, now: () => clock.date() });
    return openMetrics({ source, recorder, serve, ready, clock, log });
  }

  async #openControl(
    folder: string,
    journalFolder: string,
    journal: EventJournal,
    feed: EventFeed,
  ): Promise<Control | undefined> {
    const { fleet, ...options } = this.options;
    if (fleet === undefined) return undefined;
    const { recorder } = this;
    const { openControl } = await import('./open-control.js');
    const opened = this.#metrics;
    const metrics = opened && (() => opened.render());
    return openControl({ ...options, fleet, folder, journalFolder, recorder, journal, feed, metrics });
  }
}
