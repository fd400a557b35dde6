import { expect, it } from 'vitest';
import { consumerKey } from './consumer-key.js';

it('a consumer has a key of 32 bytes, which tells nothing of that of another incarnation', () => {
  const groupKey = Buffer.alloc(32, 7);
  expect(consumerKey(groupKey, 2, 1)).toHaveLength(32);
  const keys = [consumerKey(groupKey, 2, 1), consumerKey(groupKey, 2, 2), consumerKey(groupKey, 21, 1)];
  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(3);
});

it('is the same for the feeder and the launcher, also those of other languages', () => {
  expect(consumerKey(Buffer.alloc(32), 2, 1).toString('hex')).toBe(
    'bff17cdee255f741ece7bcad9192e075f3c22e1878da0e63be140c2d71a709f6',
  );
});
