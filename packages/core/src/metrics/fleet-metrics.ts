import { takeSnapshot, type ChangeCount } from './fleet-snapshot.js';
import type { MetricsPage } from './metrics-page.js';
import type { MetricsSource } from './metrics-source.js';
import type { WorkMeasure } from './process-measure.js';
import { WorkTotals } from './work-totals.js';

/** A page for Prometheus. */
export interface RenderedMetrics {
  readonly contentType: string;
  readonly text: string;
}

/** So many processes that are gone may be remembered, and as many as there are. */
const MOST_GONE = 64;

/** The metrics of a fleet: read when they are asked for. */
export class FleetMetrics {
  readonly #work = new WorkTotals();
  readonly #changes = new Map<string, ChangeCount>();
  #page: Promise<MetricsPage> | undefined;
  #lookAt = MOST_GONE;

  constructor(private readonly source: MetricsSource) {}

  /** A consumer tells what it has done in one life of it. */
  measured(process: { readonly id: number; readonly group: string }, incarnation: number, measure: WorkMeasure): void {
    this.#work.add(process, incarnation, measure);
    if (this.#work.size > this.#lookAt) this.#forgetGone();
  }

  /** @param change `reload`, for example */
  changed(change: string, completed: boolean): void {
    const result = completed ? 'completed' : 'failed';
    const key = `${change} ${result}`;
    this.#changes.set(key, { change, result, count: (this.#changes.get(key)?.count ?? 0) + 1 });
  }

  /** In the text format of Prometheus. The first call loads what it needs. */
  async render(): Promise<RenderedMetrics> {
    this.#page ??= import('./metrics-page.js').then(({ MetricsPage }) => new MetricsPage());
    const page = await this.#page;
    const text = await page.render(takeSnapshot(this.source, this.#work, this.#changes));
    return { contentType: page.contentType, text };
  }

  #forgetGone(): void {
    this.#work.keepOnly(new Set(this.source.processes.map(({ id }) => id)));
    this.#lookAt = 2 * this.#work.size + MOST_GONE;
  }
}
