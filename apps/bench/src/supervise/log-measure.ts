import { createReadStream, statSync } from 'node:fs';
import type { Sample } from '../harness/benchmark.js';
import { cpuSeconds } from '../harness/proc.js';
import { waitUntil } from '../harness/wait.js';
import { LineChecker, type LineCount } from './line-checker.js';
import type { Printers } from './printers.js';

/** A log that has not grown for so long has all it will get. */
const QUIET_MS = 500;

/**
 * Lets the printers print, waits until all is in the log, and judges it. The end is the log's time of last change, so
 * that nobody has to look at it while the supervisor works.
 */
export async function measureLog(printers: Printers, log: string, supervisor: number): Promise<Sample> {
  await printers.ready();
  const cpuBefore = cpuSeconds(supervisor);
  const startMs = Date.now();
  printers.go();
  await printers.done();
  await quiet(log);
  const cpu = cpuSeconds(supervisor) - cpuBefore;
  const seconds = (statSync(log).mtimeMs - startMs) / 1000;
  const { whole, cut, lost, misordered } = await checkLog(log, printers.totalLines);
  return { linesPerSecond: whole / seconds, cpuSeconds: cpu, broken: cut + lost + misordered, cut, lost, misordered };
}

async function quiet(log: string): Promise<void> {
  await waitUntil('the log to be complete', () => Date.now() - statSync(log).mtimeMs > QUIET_MS, 50);
}

async function checkLog(log: string, expected: number): Promise<LineCount> {
  const checker = new LineChecker();
  for await (const chunk of createReadStream(log, { highWaterMark: 1_048_576 })) checker.push(chunk as Buffer);
  return checker.end(expected);
}
