import { isAccountable, isLive, isOver, type ProcessRecord } from '../process/process-record.js';
import type { ProcessSpec } from '../process/process-spec.js';

/** How many processes there are in which condition. Kept with each change: of many, not all are looked at for each event. */
export interface Tally {
  over: number;
  failed: number;
  live: number;
  /** See `isAccountable`. */
  accountable: number;
  /** Those of them that an agent supervises. */
  remote: number;
  /** They were ready once, or have ended with success; and have not failed. */
  served: number;
}

export interface Tallies {
  readonly all: Tally;
  /** By the names of the groups. */
  readonly groups: Map<string, Tally>;
}

export function createTallies(specs: readonly ProcessSpec[]): Tallies {
  return { all: createTally(), groups: new Map(specs.map(({ config }) => [config.name, createTally()])) };
}

/** A record was replaced. What is counted follows from the state and from having been ready; a new process counts nowhere. */
export function recount({ all, groups }: Tallies, before: ProcessRecord, after: ProcessRecord): void {
  if (before.state === after.state && before.wasReady === after.wasReady) return;
  for (const tally of [all, groups.get(after.spec.config.name)!]) {
    count(tally, before, -1);
    count(tally, after, 1);
  }
}

/** There is a group, which may be new. */
export function addTally({ groups }: Tallies, group: string): void {
  if (!groups.has(group)) groups.set(group, createTally());
}

/** There is no such process any more. */
export function uncount({ all, groups }: Tallies, record: ProcessRecord): void {
  for (const tally of [all, groups.get(record.spec.config.name)!]) count(tally, record, -1);
}

function createTally(): Tally {
  return { over: 0, failed: 0, live: 0, accountable: 0, remote: 0, served: 0 };
}

function count(tally: Tally, record: ProcessRecord, change: 1 | -1): void {
  if (isOver(record)) tally.over += change;
  if (record.state === 'failed') tally.failed += change;
  if (isLive(record)) tally.live += change;
  if (isAccountable(record)) tally.accountable += change;
  if (isAccountable(record) && record.spec.agent !== undefined) tally.remote += change;
  if (hasServed(record)) tally.served += change;
}

function hasServed({ wasReady, state }: ProcessRecord): boolean {
  return wasReady ? state !== 'failed' : state === 'stopped';
}
