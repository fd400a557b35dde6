import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Contender, Figure, Sample } from '../harness/benchmark.js';
import { residentMb } from '../harness/proc.js';
import { startProgram } from '../harness/program.js';
import type { Scope } from '../harness/scope.js';
import { within } from '../harness/wait.js';
import { FIXTURES } from '../fixtures/paths.js';
import { LineChecker } from './line-checker.js';
import { Printers } from './printers.js';
import { ReadingPlan } from './reading-plan.js';

const CHILDREN = 4;
const LINES = 1_000_000;

/** The part of the lines after which memory should have settled. */
const SETTLED_SHARE = 0.2;

const launcher: Contender = { name: 'launcher', open: async () => measure };

async function measure(round: Scope): Promise<Sample> {
  const printers = await Printers.create(round, CHILDREN, LINES);
  const args = [printers.folder, String(CHILDREN), String(LINES)];
  const master = await startProgram(round, FIXTURES.logMaster, { args, stdio: ['ignore', 'pipe', 'inherit'] });
  await printers.ready();
  printers.go();
  return within('all lines', readSlowly(master.stdout!, master.pid!, printers.totalLines));
}

/** Reads what the master writes at the plan's pace, and notes the master's memory on the way. */
async function readSlowly(output: Readable, pid: number, expected: number): Promise<Sample> {
  const checker = new LineChecker();
  const plan = new ReadingPlan(expected);
  let settledMb = 0;
  for await (const chunk of output) {
    checker.push(chunk as Buffer);
    await delay(plan.pauseMsAfter(checker.seen));
    if (checker.seen <= expected * SETTLED_SHARE) settledMb = residentMb(pid);
    if (checker.seen >= expected) break;
  }
  const endMb = residentMb(pid);
  const { cut, lost, misordered } = checker.end(expected);
  return { settledMb, endMb, growthMb: endMb - settledMb, broken: cut + lost + misordered };
}

/** Memory is flat when at the end it is at most 10 MB above what it was after this part of the work. */
export const slowReader: Figure = {
  name: 'slow-reader',
  title: 'memory of a master whose output is read slowly and, in the middle, not at all for 3 s',
  rounds: 2,
  contenders: [launcher],
  metrics: [
    { key: 'settledMb', label: 'RSS at 20 %', unit: 'MB', digits: 1 },
    { key: 'endMb', label: 'RSS at the end', unit: 'MB', digits: 1 },
    { key: 'growthMb', label: 'RSS at the end, over that at 20 %', unit: 'MB', digits: 1 },
    { key: 'broken', label: 'lines lost, cut, out of order', unit: 'lines' },
  ],
  comparisons: [
    { metric: 'growthMb', contender: 'launcher', measure: 'worst', aim: { atMost: 10 } },
    { metric: 'broken', contender: 'launcher', measure: 'worst', aim: { atMost: 0 } },
  ],
};
