import { expect, it } from 'vitest';
import { RecordingLogger } from '../testing/recording-logger.js';
import { checkOptions } from './check-options.js';
import type { FeederOptions } from './feeder-options.js';

const OPTIONS = { source: [], listen: [], logger: new RecordingLogger() };

it('takes what makes sense, and what is left out', () => {
  expect(() => checkOptions(OPTIONS)).not.toThrow();
  const options = { concurrency: 10, window: 5, itemTimeout: 0.5, maxIdleTime: 0, key: Buffer.alloc(32) };
  expect(() => checkOptions({ ...OPTIONS, ...options })).not.toThrow();
});

it.each<[Partial<FeederOptions>, string]>([
  [{ concurrency: 0 }, 'concurrency is 0, it has to be a whole number from 1 on'],
  [{ concurrency: 2.5 }, 'concurrency is 2.5, it has to be a whole number from 1 on'],
  [{ window: -1 }, 'window is -1, it has to be a whole number from 1 on'],
  [{ maxItemSize: 536_870_912 }, 'maxItemSize is 536870912, it has to be a whole number from 1 to 268435456'],
  [{ itemTimeout: Number.NaN }, 'itemTimeout is NaN, it has to be a number of seconds, not below 0'],
  [{ pollInterval: -1 }, 'pollInterval is -1, it has to be a number of seconds, not below 0'],
  [{ key: Buffer.alloc(5) }, 'length of the key is 5, it has to be 32 bytes'],
])('refuses %j', (options, message) => {
  expect(() => checkOptions({ ...OPTIONS, ...options })).toThrow(new RangeError(message));
});
