import type { ProcessRecord } from '../process/process-record.js';
import type { ProcessSpec } from '../process/process-spec.js';
import { blockKey } from './queue-members.js';

/** What has to come and go so that a queue group has other numbers of consumers. */
export interface Resize {
  /** Their ids are still those of the placement. */
  readonly added: readonly ProcessSpec[];
  readonly retired: readonly number[];
}

/**
 * Compares consumers with those of a new placement, block by block on each host. The last ones go, first of all those that do
 * not run.
 *
 * @param present consumers that there are, without those that are retired
 * @param wanted those of the new placement
 * @param runs whether one runs, or will
 */
export function planResize(
  present: readonly ProcessRecord[],
  wanted: readonly ProcessSpec[],
  runs: (id: number) => boolean,
): Resize {
  const there = Map.groupBy(present, ({ spec }) => siteOf(spec));
  const due = Map.groupBy(wanted, siteOf);
  const sites = [...new Set([...there.keys(), ...due.keys()])];
  const plans = sites.map((site) => resizeSite(there.get(site) ?? [], due.get(site) ?? [], runs));
  return { added: plans.flatMap(({ added }) => added), retired: plans.flatMap(({ retired }) => retired) };
}

function resizeSite(
  present: readonly ProcessRecord[],
  wanted: readonly ProcessSpec[],
  runs: (id: number) => boolean,
): Resize {
  const ids = present.map(({ spec }) => spec.id).toSorted((a, b) => Number(runs(b)) - Number(runs(a)) || a - b);
  return { added: wanted.slice(present.length), retired: ids.slice(wanted.length) };
}

function siteOf({ agent = '', config }: ProcessSpec): string {
  return `${agent} ${blockKey(config)}`;
}
