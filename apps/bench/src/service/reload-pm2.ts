import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Contender, Sample } from '../harness/benchmark.js';
import type { Scope } from '../harness/scope.js';
import { waitUntil } from '../harness/wait.js';
import { Pm2 } from '../peers/pm2.js';
import { startRedis } from '../peers/redis-server.js';
import { SERVICE_FIXTURES } from './fixtures/paths.js';
import { readItemLedger, type Handled } from './ledger/item-ledger.js';
import { judgeItems } from './ledger/judge-items.js';
import { judgeThroughput } from './ledger/judge-throughput.js';
import { monotonicMs } from './ledger/monotonic.js';
import { MachineLoad } from './machine-load.js';
import { AFTER_MS, BEFORE_MS, CONSUMERS, HANDLE_MS, SETTLE_MS } from './reload-plan.js';
import { runCommand } from './run-command.js';

/** More than are handled before the end of a round. */
const JOBS = 200_000;

/** Long enough that no worker is killed in the middle of a job. */
const KILL_TIMEOUT_MS = 10_000;

/** BullMQ workers as programs of pm2, which tell when they are ready. pm2 stops each before its successor starts. */
export const pm2Reload: Contender = { name: 'pm2, BullMQ', attempts: 3, open: async () => measure };

async function measure(round: Scope): Promise<Sample> {
  const folder = await round.folder();
  const pm2 = await startWorkers(round, folder);
  await waitUntil('all workers', () => workersIn(folder) === CONSUMERS, 100);
  await delay(SETTLE_MS);
  const load = new MachineLoad();
  await delay(BEFORE_MS);
  const busyPercent = load.percent();
  const startMs = monotonicMs();
  await pm2.reloadAll();
  const endMs = monotonicMs();
  await delay(AFTER_MS);
  await pm2.stopAll();
  const { handled } = readItemLedger(folder);
  const ledger = { feeders: [{ claims: claimsOf(handled), answers: new Map() }], handled };
  const { lost, doubled } = judgeItems(ledger);
  const { before, lowest } = judgeThroughput(ledger, { startMs, endMs }, BEFORE_MS);
  const fallPercent = (1 - lowest / before) * 100;
  return { lost, doubled, fallPercent, before, busyPercent, reloadS: (endMs - startMs) / 1000, feederGapMs: 0 };
}

async function startWorkers(round: Scope, folder: string): Promise<Pm2> {
  const redis = await startRedis(round);
  await runCommand(round, { args: [SERVICE_FIXTURES.bullmqSeed, redis, String(JOBS)] });
  const pm2 = await Pm2.start(round);
  await pm2.startApp({
    name: 'workers',
    script: SERVICE_FIXTURES.bullmqConsumer,
    args: [redis, folder, String(HANDLE_MS)],
    instances: CONSUMERS,
    exec_mode: 'fork',
    interpreter: process.execPath,
    autorestart: true,
    output: '/dev/null',
    error: '/dev/null',
    pmx: false,
    vizion: false,
    wait_ready: true,
    kill_timeout: KILL_TIMEOUT_MS,
  });
  return pm2;
}

function workersIn(folder: string): number {
  return readdirSync(folder).length;
}

/** Jobs are taken in their order: all up to the last one that was handled. */
function claimsOf(handled: readonly Handled[]) {
  const last = handled.reduce((most, { id }) => Math.max(most, id), 0);
  if (last === JOBS) throw new Error(`${JOBS} jobs were too few`);
  return [{ first: 1, last, atMs: 0 }];
}
