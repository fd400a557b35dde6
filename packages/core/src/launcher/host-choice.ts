import type { HostState, LauncherState } from './launcher-state.js';
import { activeOf, slotsOf, type ConsumerPool, type QueueState } from './queue-state.js';

/** Where a consumer would go, and what speaks for that. */
interface Candidate {
  readonly pool: ConsumerPool;
  readonly host: HostState;
  readonly slots: number[];
  active: number;
  /** Those of them that are not in the load yet. */
  booting: number;
}

/**
 * Chooses so many slots, one after the other where there is least to do: by load, then by free memory. Hosts that are not
 * connected get none; where one has not told its load, the share of used slots decides.
 */
export function chooseSlots(state: LauncherState, queue: QueueState, count: number): number[] {
  const candidates = queue.pools.map((pool) => candidateOf(state, queue, pool)).filter(({ host }) => host.reachable);
  const chosen: number[] = [];
  while (chosen.length < count) {
    const best = order(candidates.filter(({ slots }) => slots.length > 0))[0];
    if (best === undefined) break;
    chosen.push(best.slots.shift()!);
    best.active++;
    best.booting++;
  }
  return chosen;
}

/** The busiest first: those that should lose consumers. */
export function busiestFirst(state: LauncherState, queue: QueueState): ConsumerPool[] {
  return order(queue.pools.map((pool) => candidateOf(state, queue, pool)))
    .toReversed()
    .map(({ pool }) => pool);
}

/** Slots of pools whose hosts are connected. */
export function reachableSlots(state: LauncherState, queue: QueueState): number {
  const pools = queue.pools.filter((pool) => isReachable(state, pool));
  return pools.reduce((sum, pool) => sum + slotsOf(queue, pool, state.processes).length, 0);
}

export function isReachable({ hosts }: LauncherState, { agent }: ConsumerPool): boolean {
  return hosts.get(agent)?.reachable ?? false;
}

function candidateOf(state: LauncherState, queue: QueueState, pool: ConsumerPool): Candidate {
  const active = activeOf(queue, pool);
  return {
    pool,
    host: state.hosts.get(pool.agent) ?? { reachable: false },
    slots: slotsOf(queue, pool, state.processes),
    active: active.length,
    booting: active.filter((id) => state.processes.get(id)!.state !== 'running').length,
  };
}

/** Where things are alike, in the order of the configuration. */
function order(candidates: readonly Candidate[]): Candidate[] {
  const known = candidates.every(({ host }) => host.load !== undefined);
  return candidates.toSorted((a, b) =>
    known ? pressure(a) - pressure(b) || freeMemory(b) - freeMemory(a) || share(a) - share(b) : share(a) - share(b),
  );
}

function pressure({ host, booting }: Candidate): number {
  return (host.load!.load + booting) / (host.load!.processors ?? 1);
}

function freeMemory({ host }: Candidate): number {
  return host.load!.freeMemory ?? 0;
}

function share({ active, pool }: Candidate): number {
  return active / pool.ids.length;
}
