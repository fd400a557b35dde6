import type { FeederOptions } from './feeder-options.js';

const LARGEST_ITEM = 268_435_456;
const KEY_BYTES = 32;

/** @throws RangeError for an option with which no feeder could work */
export function checkOptions(options: Omit<FeederOptions, 'source'>): void {
  const { key, window, concurrency, maxItemSize, pollInterval } = options;
  checkCount({ concurrency }, Number.MAX_SAFE_INTEGER);
  checkCount({ window: window === 'auto' ? undefined : window }, Number.MAX_SAFE_INTEGER);
  checkCount({ maxItemSize }, LARGEST_ITEM);
  const { itemTimeout, abortGrace, maxIdleTime } = options;
  for (const [name, value] of Object.entries({ itemTimeout, abortGrace, maxIdleTime, pollInterval })) {
    check(name, value, (seconds) => Number.isFinite(seconds) && seconds >= 0, 'a number of seconds, not below 0');
  }
  check('pollInterval', pollInterval, (seconds) => seconds > 0, 'above 0');
  check('length of the key', key?.length, (bytes) => bytes === KEY_BYTES, `${KEY_BYTES} bytes`);
}

function checkCount(option: Record<string, number | undefined>, most: number): void {
  const allowed = most === Number.MAX_SAFE_INTEGER ? 'a whole number from 1 on' : `a whole number from 1 to ${most}`;
  for (const [name, value] of Object.entries(option)) {
    check(name, value, (count) => Number.isSafeInteger(count) && count >= 1 && count <= most, allowed);
  }
}

function check(name: string, value: number | undefined, isGood: (value: number) => boolean, allowed: string): void {
  if (value === undefined || isGood(value)) return;
  throw new RangeError(`${name} is ${value}, it has to be ${allowed}`);
}
