import { expect, it } from 'vitest';
import { ProcessorShare } from './processor-share.js';

it('is what was used since the time before, of one core', () => {
  const share = new ProcessorShare();
  expect(share.of(500, 1000)).toBeUndefined();
  expect(share.of(750, 2000)).toBe(0.25);
  expect(share.of(750, 2000)).toBeUndefined();
  expect(share.of(6750, 4000)).toBe(3);
  share.clear();
  expect(share.of(10, 5000)).toBeUndefined();
});
