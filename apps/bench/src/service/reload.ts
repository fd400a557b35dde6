import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { QueueGroupOptions } from '@distributed-architecture/core';
import type { Contender, Figure, Sample } from '../harness/benchmark.js';
import type { Scope } from '../harness/scope.js';
import { within } from '../harness/wait.js';
import { startControlMaster, type ControlMaster } from './control-master.js';
import { SERVICE_FIXTURES } from './fixtures/paths.js';
import { readItemLedger } from './ledger/item-ledger.js';
import { judgeItems } from './ledger/judge-items.js';
import { judgeThroughput, type Span } from './ledger/judge-throughput.js';
import { monotonicMs } from './ledger/monotonic.js';
import { MachineLoad } from './machine-load.js';
import { pm2Reload } from './reload-pm2.js';
import { AFTER_MS, BEFORE_MS, CONSUMERS, HANDLE_MS, SETTLE_MS } from './reload-plan.js';

const GROUP = 'Ledger';

/** All by its defaults: consumers one after the other and start-first, then the feeder. */
function consumers(name: string, console: string): Contender {
  return { name, open: async () => (round) => measure(round, console) };
}

async function measure(round: Scope, console: string): Promise<Sample> {
  const folder = await round.folder();
  const master = await startControlMaster(round, [queueGroup(folder, console)]);
  await untilAllRun(master);
  await delay(SETTLE_MS);
  const load = new MachineLoad();
  await delay(BEFORE_MS);
  const busyPercent = load.percent();
  const reload = await reloadGroup(master);
  await delay(AFTER_MS);
  await stop(master);
  const ledger = readItemLedger(folder);
  const { lost, doubled } = judgeItems(ledger);
  const { before, lowest, feederGapMs } = judgeThroughput(ledger, reload, BEFORE_MS);
  return {
    lost,
    doubled,
    fallPercent: (1 - lowest / before) * 100,
    before,
    reloadS: (reload.endMs - reload.startMs) / 1000,
    feederGapMs,
    busyPercent,
  };
}

function queueGroup(folder: string, console: string): QueueGroupOptions {
  return {
    name: GROUP,
    command: 'bench:ledger',
    console,
    params: { folder, handleMs: HANDLE_MS },
    consumers: { local: { instancesCount: CONSUMERS } },
  };
}

async function untilAllRun({ client }: ControlMaster): Promise<void> {
  const allRun = async (): Promise<void> => {
    while ((await client.processes()).some(({ state }) => state !== 'running')) await delay(100);
  };
  await within('all consumers', allRun());
}

async function reloadGroup({ client }: ControlMaster): Promise<Span> {
  const startMs = monotonicMs();
  const { completed, replaced, reason } = await client.reload({ group: GROUP });
  const endMs = monotonicMs();
  if (!completed || replaced !== CONSUMERS + 1) throw new Error(`${replaced} were replaced: ${reason}`);
  return { startMs, endMs };
}

async function stop({ child, client }: ControlMaster): Promise<void> {
  const end = once(child, 'exit');
  await client.stop();
  const [code] = (await within('the end of the master', end)) as [number | null];
  if (code !== 0) throw new Error(`The master ended with ${code}`);
}

const CORE = consumers('core', SERVICE_FIXTURES.ledgerSlave);
const NEST = consumers('Nest', SERVICE_FIXTURES.ledgerApplication);
const OURS = [CORE, NEST].map(({ name }) => name);

export const reload: Figure = {
  name: 'reload',
  title: `a rolling reload of ${CONSUMERS} consumers that have all they can do, ${HANDLE_MS} ms an item`,
  rounds: 3,
  contenders: [CORE, NEST, pm2Reload],
  metrics: [
    { key: 'lost', label: 'items lost', unit: 'items' },
    { key: 'doubled', label: 'items doubled', unit: 'items' },
    { key: 'fallPercent', label: 'the worst second, less than before', unit: '%', digits: 1 },
    { key: 'before', label: 'before', unit: 'items/s' },
    { key: 'busyPercent', label: 'processors busy before', unit: '%' },
    { key: 'reloadS', label: 'until all are replaced', unit: 's', digits: 1 },
    { key: 'feederGapMs', label: 'nothing handled while the feeder is replaced', unit: 'ms' },
  ],
  comparisons: OURS.flatMap((contender) => [
    { metric: 'lost', contender, measure: 'worst', aim: { atMost: 0 } } as const,
    { metric: 'doubled', contender, measure: 'worst', aim: { atMost: 0 } } as const,
    { metric: 'fallPercent', contender, measure: 'worst', aim: { atMost: 20 } } as const,
  ]),
};
