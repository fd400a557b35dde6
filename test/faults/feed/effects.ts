import type { FaultName, Hit } from './faults.js';
import { historiesOf, type ItemHistory } from './history.js';
import type { Records } from './records.js';

/** How often a fault has hit work: of its process (or of all) something was begun, or handed out, and not over. */
export function effectiveHits(hits: readonly Hit[], records: Records): Map<FaultName, number> {
  const items = [...historiesOf(records).values()].flatMap((life) => [...life.items.values()]);
  const counts = new Map<FaultName, number>();
  for (const hit of hits) {
    const inFlight = (item: ItemHistory): boolean => (hit.target === '' ? isOut(item, hit.us) : isHandled(item, hit));
    if (items.some(inFlight)) counts.set(hit.fault, (counts.get(hit.fault) ?? 0) + 1);
  }
  return counts;
}

function isOut({ outs, outcomes }: ItemHistory, us: number): boolean {
  return outs.some((out) => out.us < us) && !outcomes.some((outcome) => outcome.us < us);
}

function isHandled({ handlings }: ItemHistory, { us, target }: Hit): boolean {
  return handlings.some(
    ({ consumer, us: begun, end }) => consumer === target && begun < us && (end?.us ?? Infinity) > us,
  );
}
