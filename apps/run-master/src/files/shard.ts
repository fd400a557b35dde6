import { crc32 } from 'node:zlib';

/**
 * The number, from 1, of the process that takes care of `path`. Every process of a group comes to the same answer
 * without asking another one.
 */
export function shardOf(path: string, shardCount: number): number {
  return (crc32(path) % shardCount) + 1;
}
