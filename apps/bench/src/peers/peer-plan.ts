import { Latencies } from '../feed/measure/latencies.js';
import { Rate } from '../feed/measure/rate.js';

/** What a peer shall do: hand so many items over, with so many of them unanswered at a time. */
export interface PeerPlan {
  readonly items: number;
  readonly inFlight: number;
}

/** As the arguments of a program. */
export function planArguments({ items, inFlight }: PeerPlan): string[] {
  return [String(items), String(inFlight)];
}

/** From the arguments of this program. */
export function readPlan(): PeerPlan {
  const [items, inFlight] = process.argv.slice(2).map(Number);
  return { items: items!, inFlight: inFlight! };
}

/** With one item in flight the time of each counts, else their number. */
export function measureOf({ items, inFlight }: PeerPlan): Latencies | Rate {
  return inFlight === 1 ? new Latencies(items) : new Rate(items);
}
