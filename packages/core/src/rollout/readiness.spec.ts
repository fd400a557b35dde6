import { expect, it } from 'vitest';
import { createRecord, type ProcessRecord } from '../process/process-record.js';
import { processSpec } from '../testing/process-specs.js';
import { isHeld, Readiness } from './readiness.js';

const program: ProcessRecord = { ...createRecord(processSpec({ console: false })), state: 'running' };

it('a program of its own runs when it has lived for a second, each incarnation anew', () => {
  const readiness = new Readiness();
  expect(readiness.provenAt(program, 0)).toBe(1000);
  expect(readiness.isRunning(program, 999)).toBe(false);
  expect(readiness.isRunning(program, 1000)).toBe(true);
  expect(readiness.provenAt({ ...program, state: 'backoff' }, 1100)).toBe(Infinity);
  expect(readiness.provenAt({ ...program, incarnation: 2 }, 1200)).toBe(2200);
});

it('what has yet to be asked is held with its group', () => {
  expect(isHeld(program, { isSuspended: (group) => group === 'Group' })).toBe(true);
  expect(isHeld(program, { isSuspended: () => false })).toBe(false);
  // It was resumed before it has stopped, or waits for its boot slot.
  expect(isHeld({ ...program, suspended: true }, { isSuspended: () => false })).toBe(false);
});
