import { setTimeout as delay } from 'node:timers/promises';
import type { ControlClient } from '@distributed-architecture/core';
import type { Contender, Figure, Sample } from '../harness/benchmark.js';
import type { Scope } from '../harness/scope.js';
import { median } from '../harness/statistics.js';
import { Stopwatch } from '../harness/stopwatch.js';
import { within } from '../harness/wait.js';
import { startPlayedMaster } from './control-master.js';

const PER_HOST = 20;
const REQUESTS = 20;

function processes(count: number): Contender {
  return { name: nameOf(count), open: async () => (round) => measure(round, count) };
}

function nameOf(count: number): string {
  return `${count.toLocaleString('en-US')} processes`;
}

async function measure(round: Scope, count: number): Promise<Sample> {
  const { client } = await startPlayedMaster(round, count / PER_HOST, PER_HOST);
  await within('what processes tell of themselves', allMeasured(client, count));
  const page = await client.metrics();
  if (!page.includes('distributed_architecture_')) throw new Error(`These are no metrics: ${page.slice(0, 200)}`);
  return {
    pageKb: Buffer.byteLength(page) / 1000,
    statusMs: await timeOf(() => client.status()),
    processesMs: await timeOf(() => client.processes()),
    metricsMs: await timeOf(() => client.metrics()),
  };
}

async function allMeasured(client: ControlClient, count: number): Promise<void> {
  while ((await client.processes()).filter(({ rss }) => rss !== undefined).length < count) await delay(100);
}

/** One after the other; the median of them. */
async function timeOf(request: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  while (times.length < REQUESTS) {
    const watch = new Stopwatch();
    await request();
    times.push(watch.ms());
  }
  return median(times);
}

const COUNTS = [200, 5000, 20_000];

export const socket: Figure = {
  name: 'socket',
  title: `requests of a ControlClient to a master whose agents are played, the median of ${REQUESTS}`,
  rounds: 3,
  contenders: COUNTS.map(processes),
  metrics: [
    { key: 'statusMs', label: 'GET /status', unit: 'ms', digits: 1 },
    { key: 'processesMs', label: 'GET /processes', unit: 'ms', digits: 1 },
    { key: 'metricsMs', label: 'GET /metrics', unit: 'ms', digits: 1 },
    { key: 'pageKb', label: 'what it answers', unit: 'kB' },
  ],
  comparisons: [{ metric: 'metricsMs', contender: nameOf(20_000), measure: 'worst', aim: { atMost: 1000 } }],
};
