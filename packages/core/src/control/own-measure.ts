import type { Clock } from '../clock/clock.js';
import type { FleetStatus } from './fleet-status.js';

const WINDOW_MS = 5000;
const BYTES_PER_MB = 1_048_576;

interface Sample {
  readonly at: number;
  /** Microseconds. */
  readonly cpu: number;
  readonly lateMs: number;
}

/** How the master itself does. It is measured when it beats, once a second: an event loop that is late is late then. */
export class OwnMeasure {
  readonly #samples: Sample[] = [];

  /** @param intervalMs between two beats */
  constructor(
    private readonly clock: Clock,
    private readonly intervalMs = 1000,
  ) {}

  beat(): void {
    const at = this.clock.monotonicMs();
    const before = this.#samples.at(-1);
    const lateMs = before === undefined ? 0 : Math.max(0, at - before.at - this.intervalMs);
    this.#samples.push({ at, cpu: cpuMicroseconds(), lateMs });
    while (this.#samples.length > 2 && at - this.#samples[0]!.at > WINDOW_MS) this.#samples.shift();
  }

  get now(): Pick<FleetStatus, 'rss' | 'cpu' | 'loopLag'> {
    const [oldest] = this.#samples;
    const passedMs = oldest === undefined ? 0 : this.clock.monotonicMs() - oldest.at;
    const cpu = oldest === undefined || passedMs <= 0 ? 0 : (cpuMicroseconds() - oldest.cpu) / 1000 / passedMs;
    const lateMs = Math.max(0, ...this.#samples.map((each) => each.lateMs));
    return {
      rss: rounded(process.memoryUsage.rss() / BYTES_PER_MB, 1),
      cpu: rounded(cpu, 4),
      loopLag: rounded(lateMs / 1000, 3),
    };
  }
}

function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
