import { DEFAULTS } from '../config/defaults.js';
import type { GroupOptions } from '../config/group-config.js';
import type { LocalConsumersOptions, QueueGroupOptions } from '../config/queue-group-options.js';
import type { AnyGroupOptions } from '../plan/group-shape.js';
import { ProcessCountError } from './change-errors.js';

/** As many as a configuration may have: each takes memory in the master before it runs. */
const MOST = 100_000;

/** `local` or one of `remote`, of a plain group or of consumers. */
type Block = LocalConsumersOptions & { hosts?: string[] };

/** Where processes of a block run, and how many are configured there. */
interface Place {
  readonly block: Block;
  /** Undefined: the launcher's machine. */
  readonly host?: string;
  readonly weight: number;
}

/**
 * A group with so many processes, a queue group with so many consumers, or so many at the most of those on demand. They are
 * spread over the places of the group in the proportions of its configuration, by largest remainders, what comes first in
 * the configuration first. A place may be left with none, but stays.
 *
 * @param group as it was configured
 * @throws ProcessCountError
 */
export function scaleGroup(group: AnyGroupOptions, count: number): AnyGroupOptions {
  if (!Number.isInteger(count) || count < 1 || count > MOST) throw new ProcessCountError(group.name, count, MOST);
  if (!('consumers' in group)) return { ...group, ...scaledBlocks(group, count) } as GroupOptions;
  return { ...group, consumers: scaledBlocks(group.consumers, count) } as QueueGroupOptions;
}

function scaledBlocks({ local, remote = [] }: Blocks, count: number): Blocks {
  const here = local === undefined && remote.length > 0 ? [] : [local ?? {}];
  const places = [...here, ...remote].flatMap(placesOf);
  const shares = spread(
    count,
    places.map(({ weight }) => weight),
  );
  const scaled = places.map((place, index) => ({ ...place, count: shares[index]! }));
  const [own] = scaled.filter(({ host }) => host === undefined);
  return {
    ...(own && { local: withCount(own.block, own.count) }),
    ...(remote.length > 0 && {
      remote: remote.flatMap((block) => byCount(scaled.filter((each) => each.block === block))),
    }),
  };
}

interface Blocks {
  readonly local?: Block;
  readonly remote?: readonly Block[];
}

function placesOf(block: Block): Place[] {
  const weight = mostOf(block);
  return block.hosts?.map((host) => ({ block, host, weight })) ?? [{ block, weight }];
}

function mostOf(block: Block): number {
  if (isOnDemand(block)) return block.maxInstances ?? DEFAULTS.maxInstances;
  return block.instancesCount ?? DEFAULTS.instancesCount;
}

function isOnDemand({ minInstances, maxInstances }: Block): boolean {
  return minInstances !== undefined || maxInstances !== undefined;
}

/** One block for hosts that follow each other and get the same number. */
function byCount(places: readonly (Place & { readonly count: number })[]): Block[] {
  const blocks: (Block & { hosts: string[] })[] = [];
  let last: number | undefined;
  for (const { block, host, count } of places) {
    if (count === last) blocks.at(-1)!.hosts.push(host!);
    else blocks.push({ ...withCount(block, count), hosts: [host!] });
    last = count;
  }
  return blocks;
}

function withCount(block: Block, count: number): Block {
  if (!isOnDemand(block)) return { ...block, instancesCount: count };
  return { ...block, maxInstances: count, minInstances: Math.min(block.minInstances ?? DEFAULTS.minInstances, count) };
}

/** Whole shares in the proportions of the weights: each gets what is whole of its own, the largest remainders one more. */
export function spread(count: number, weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const exact = weights.map((weight) => (total === 0 ? count / weights.length : (count * weight) / total));
  const shares = exact.map(Math.floor);
  const left = count - shares.reduce((sum, share) => sum + share, 0);
  const byRemainder = exact
    .map((share, index) => ({ index, rest: share - shares[index]! }))
    .toSorted((a, b) => b.rest - a.rest);
  for (const { index } of byRemainder.slice(0, left)) shares[index]!++;
  return shares;
}
