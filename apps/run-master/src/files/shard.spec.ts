import { describe, expect, it } from 'vitest';
import { shardOf } from './shard.js';

const PATHS = Array.from({ length: 10_000 }, (_, i) => `package-${i % 97}/dist/file-${i}.js`);

describe('shardOf', () => {
  it.each([1, 2, 3, 7])('shares paths out evenly among %i', (shardCount) => {
    const sizes = new Map<number, number>();
    for (const path of PATHS) {
      const shard = shardOf(path, shardCount);
      sizes.set(shard, (sizes.get(shard) ?? 0) + 1);
    }
    expect([...sizes.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: shardCount }, (_, i) => i + 1));
    for (const size of sizes.values()) expect(size).toBeGreaterThan((PATHS.length / shardCount) * 0.8);
  });

  it('takes any path, whatever characters are in it', () => {
    for (const path of ['', 'ü/日本', '\ud800', 'a\nb']) expect([1, 2, 3]).toContain(shardOf(path, 3));
  });
});
