import Counter from 'prom-client/lib/counter.js';
import Gauge from 'prom-client/lib/gauge.js';
import Histogram from 'prom-client/lib/histogram.js';
import Registry from 'prom-client/lib/registry.js';
import type { FleetSnapshot } from './fleet-snapshot.js';
import { HANDLING_TIME, METRICS, PREFIX, type MetricDefinition, type Sample } from './metric-definitions.js';
import { HANDLING_BUCKETS, type HandlingTimes } from './process-measure.js';

/** The metrics as Prometheus reads them. Loads what it needs of prom-client: its entry point would be 8 MB more. */
export class MetricsPage {
  readonly #registry = new Registry();
  #snapshot: FleetSnapshot | undefined;

  constructor() {
    for (const definition of METRICS) this.#register(definition);
    this.#registry.registerMetric(new CollectedHistogram(() => this.#handlingTimes()));
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Nothing of a snapshot is read after this call has returned, so several may be made at a time. */
  render(snapshot: FleetSnapshot): Promise<string> {
    this.#snapshot = snapshot;
    const page = this.#registry.metrics();
    this.#snapshot = undefined;
    return page;
  }

  #register({ name, type, help, labels, samples }: MetricDefinition): void {
    const read = (): readonly Sample[] => (this.#snapshot === undefined ? [] : samples(this.#snapshot));
    const options = { name: PREFIX + name, help, labelNames: [...labels], registers: [this.#registry] };
    if (type === 'gauge') {
      new Gauge({
        ...options,
        collect() {
          this.reset();
          for (const [each, value] of read()) this.set(each, value);
        },
      });
      return;
    }
    new Counter({
      ...options,
      collect() {
        this.reset();
        for (const [each, value] of read()) this.inc(each, value);
      },
    });
  }

  #handlingTimes(): readonly (readonly [string, HandlingTimes])[] {
    const groups = this.#snapshot?.groups ?? [];
    return groups.flatMap(({ name, work }) => (work === undefined ? [] : [[name, work.times] as const]));
  }
}

/** A histogram of which others have counted: prom-client has only one that counts itself. */
class CollectedHistogram extends Histogram<'group' | 'le'> {
  constructor(private readonly read: () => readonly (readonly [string, HandlingTimes])[]) {
    const { name, help, labels } = HANDLING_TIME;
    super({ name: PREFIX + name, help, labelNames: [...labels], buckets: [...HANDLING_BUCKETS], registers: [] });
  }

  /** What a registry asks a histogram for. */
  async getForPromString(): Promise<object> {
    const { name, help } = HANDLING_TIME;
    const values = this.read().flatMap(([group, times]) => seriesOf(group, times));
    return { name: PREFIX + name, help, type: 'histogram', values };
  }
}

interface Series {
  readonly metricName: string;
  readonly labels: { readonly group: string; readonly le?: string | number };
  readonly value: number;
}

/** Each bucket counts those below it as well. */
function seriesOf(group: string, { counts, sum }: HandlingTimes): Series[] {
  const name = PREFIX + HANDLING_TIME.name;
  let count = 0;
  const buckets = counts.map((each, index): Series => {
    count += each;
    return { metricName: `${name}_bucket`, labels: { group, le: HANDLING_BUCKETS[index] ?? '+Inf' }, value: count };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels: { group }, value: sum },
    { metricName: `${name}_count`, labels: { group }, value: count },
  ];
}
