import { setTimeout as sleep } from 'node:timers/promises';
import { startTimeOf, type PidRecord } from '@distributed-architecture/core';

/** The system tells nobody but its parent that a process has ended. */
const LOOK_MS = 50;

/** Waits until a process has ended. @returns false when it has not within the limit */
export async function hasEnded({ pid, startTime }: PidRecord, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (startTimeOf(pid) === startTime) {
    if (performance.now() > deadline) return false;
    await sleep(LOOK_MS);
  }
  return true;
}
