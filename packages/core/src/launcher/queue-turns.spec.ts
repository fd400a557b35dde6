import { describe, expect, it } from 'vitest';
import { createRecord, type ProcessRecord } from '../process/process-record.js';
import { group, listProcesses } from '../testing/process-specs.js';
import type { LauncherEffect } from './launcher-decision.js';
import { stop } from './queue-turns.js';

const [LOCAL] = listProcesses([group({})]);
const FAR = { ...LOCAL!, agent: 'server-1' };
const STOPPING: Partial<ProcessRecord> = { state: 'stopping', unwanted: true };
const ASKED: LauncherEffect = { type: 'log', level: 'log', message: 'asked' };

function asks(spec: typeof FAR | typeof LOCAL, changes: Partial<ProcessRecord>): boolean {
  return stop({ ...createRecord(spec!), ...changes }, () => [ASKED]).length > 0;
}

describe('the stop of a member of a queue group', () => {
  it('is asked for once', () => {
    expect(asks(LOCAL, { state: 'running', unwanted: true })).toBe(true);
    expect(asks(LOCAL, STOPPING)).toBe(false);
    expect(asks(FAR, { ...STOPPING, endReason: 'stopped' })).toBe(false);
  });

  it('is asked for when its agent stops it for its lease, and would start it again', () => {
    expect(asks(FAR, STOPPING)).toBe(true);
  });
});
