import type { Clock } from '../clock/clock.js';
import type { MetricsOptions } from '../config/distributed-architecture-config.js';
import type { FleetRecorder } from '../control/fleet-recorder.js';
import type { FleetSource } from '../control/fleet-source.js';
import type { Health } from '../control/health.js';
import type { ChangeEvent } from '../event-journal/journal-event.js';
import type { LogLevel } from '../logger/logger.js';
import type { ManagedProcess } from '../process/managed-process.js';
import { FleetMetrics, type RenderedMetrics } from './fleet-metrics.js';
import type { MetricsServerOptions } from './metrics-server.js';
import type { ProcessMeasure } from './process-measure.js';
import { RecordedSource } from './recorded-source.js';

export interface OpenMetricsOptions {
  readonly source: FleetSource;
  readonly recorder: FleetRecorder;
  /** Where they are served over TCP; undefined: nowhere. */
  readonly serve: MetricsOptions | undefined;
  readonly ready: () => Health;
  readonly clock: Clock;
  readonly log: (level: LogLevel, message: string) => void;
}

/** The metrics of one run of a master. */
export interface OpenMetrics {
  /** How a life of a process does, maybe one that is over by now. */
  measured(process: ManagedProcess, incarnation: number, measure: ProcessMeasure): void;
  noted(event: ChangeEvent): void;
  render(): Promise<RenderedMetrics>;
  close(): Promise<void>;
}

/** Loads what serves them only where that is wanted, and what renders them only when they are asked for. */
export async function openMetrics(options: OpenMetricsOptions): Promise<OpenMetrics> {
  const { source, recorder, serve, ready, clock, log } = options;
  const metrics = new FleetMetrics(new RecordedSource(source, recorder));
  const render = (): Promise<RenderedMetrics> => metrics.render();
  const close = serve === undefined ? async () => {} : await listen({ ...serve, render, ready, clock, log });
  return {
    measured(process, incarnation, measure) {
      const lives = process.incarnation === incarnation && process.pid !== undefined;
      if (lives) recorder.measured(process.id, measure);
      metrics.measured(process, incarnation, measure);
    },
    noted({ type, change, outcome }) {
      if (type === 'change_ended') metrics.changed(change, outcome === 'ok');
    },
    render,
    close,
  };
}

async function listen(options: MetricsServerOptions): Promise<() => Promise<void>> {
  const { MetricsServer } = await import('./metrics-server.js');
  const server = new MetricsServer(options);
  server.listen();
  return () => server.close();
}
