import { join } from 'node:path';
import type { Contender, Sample } from '../harness/benchmark.js';
import type { Scope } from '../harness/scope.js';
import { MeasuredProgram } from '../harness/measured-program.js';
import { planArguments, type PeerPlan } from './peer-plan.js';
import { startRedis } from './redis-server.js';

/** A peer that fails must not spoil the run. */
const ATTEMPTS = 3;

const peer = (name: string) => join(import.meta.dirname, name);

/** Node's IPC channel between two processes. */
export function ipc(plan: PeerPlan): Contender {
  const measure = (round: Scope) => run(round, 'ipc-feeder.js', planArguments(plan));
  return { name: 'node ipc', attempts: ATTEMPTS, open: async () => measure };
}

/** zeromq between two processes. */
export function zeromq(plan: PeerPlan): Contender {
  const measure = async (round: Scope) =>
    run(round, 'zeromq-feeder.js', [...planArguments(plan), await round.folder()]);
  return { name: 'zeromq', attempts: ATTEMPTS, open: async () => measure };
}

/** BullMQ with a Redis of its own. */
export function bullmq(items: number): Contender {
  const measure = async (round: Scope) => run(round, 'bullmq-worker.js', [String(items), await startRedis(round)]);
  return { name: 'bullmq', attempts: ATTEMPTS, open: async () => measure };
}

async function run(round: Scope, script: string, args: string[]): Promise<Sample> {
  const program = await MeasuredProgram.start(round, peer(script), { args });
  const sample = await program.result();
  await program.ended();
  return sample;
}
