import type { ShardProgress } from '../store/shard-progress.js';
import { bar, count, size } from './format.js';

/** The progress of all shards in one. */
export interface FleetProgress {
  /** True while some shard has not begun, or does not know yet how much there is to do. */
  looking: boolean;
  /** Nothing more will come: every shard has ended. */
  over: boolean;
  found: number;
  done: number;
  reused: number;
  bytes: number;
  /** Of the shard that is at it for the longest time. */
  seconds: number;
}

export function fleetProgress(shards: ShardProgress[]): FleetProgress {
  const complete = shards.length > 0 && shards.length === shards[0]!.shardCount;
  const sum = (field: 'found' | 'done' | 'reused' | 'bytes') =>
    shards.reduce((total, shard) => total + shard[field], 0);
  return {
    looking: !complete || shards.some(({ state }) => state === 'looking'),
    over: complete && shards.every(({ state }) => state === 'done' || state === 'stopped'),
    found: sum('found'),
    done: sum('done'),
    reused: sum('reused'),
    bytes: sum('bytes'),
    seconds: Math.max(0, ...shards.map(({ seconds }) => seconds)),
  };
}

/** From 0 to 1. */
export function share({ found, done }: FleetProgress): number {
  return found === 0 ? 1 : done / found;
}

export function progressLine(progress: FleetProgress): string {
  if (progress.looking) return `looking for files: ${count(progress.found)} so far`;
  const { found, done, reused, bytes, seconds } = progress;
  const percent = `${Math.floor(share(progress) * 100)} %`.padStart(5);
  const left = ((found - done) * seconds) / Math.max(1, done - reused);
  const parts = [
    `${bar(share(progress))} ${percent}`,
    `${count(done)} of ${count(found)} files`,
    size(bytes),
    `${size(Math.round(bytes / Math.max(seconds, 0.001)))}/s`,
  ];
  if (done < found) parts.push(`${Math.ceil(left)} s left`);
  return parts.join('  ');
}
