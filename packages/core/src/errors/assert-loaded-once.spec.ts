import { expect, it } from 'vitest';
import { assertLoadedOnce } from './assert-loaded-once.js';

it('refuses a second copy of a package, and names both', () => {
  const registry = {};
  assertLoadedOnce('@distributed-architecture/core', 'file:///a/index.js', registry);
  assertLoadedOnce('@distributed-architecture/core', 'file:///a/index.js', registry);
  assertLoadedOnce('@distributed-architecture/nestjs', 'file:///n/index.js', registry);
  expect(() => assertLoadedOnce('@distributed-architecture/core', 'file:///b/index.js', registry)).toThrow(
    'Two copies of @distributed-architecture/core are loaded, file:///a/index.js and file:///b/index.js',
  );
});
