import { setTimeout as delay } from 'node:timers/promises';
import { ControlClient, type GroupOptions } from '@distributed-architecture/core';
import type { Contender, Figure, Metric, Sample } from '../harness/benchmark.js';
import { printed, startProgram } from '../harness/program.js';
import type { Scope } from '../harness/scope.js';
import { READY } from '../fixtures/paths.js';
import { Arrivals } from './arrivals.js';
import { startControlMaster, type ControlMaster } from './control-master.js';
import { SERVICE_FIXTURES } from './fixtures/paths.js';
import { spreadOf } from './spread.js';

/** Lines of a round, and deaths. */
const COUNT = 200;
const FOLLOWERS = 100;

/** Between two events: the master is idle. */
const PAUSE_MS = 10;

/** More than the system keeps for a follower that does not read, less than the master keeps. */
const FILLER_KB = 600;
const SETTLE_MS = 2000;

const TALKER: GroupOptions = {
  name: 'Talker',
  command: `${process.execPath} ${SERVICE_FIXTURES.talker} ${FILLER_KB}`,
  console: false,
  timeout: 0,
};
const MORTALS: GroupOptions = {
  name: 'Mortals',
  command: 'sleep 1000000',
  console: false,
  timeout: 0,
  local: { instancesCount: COUNT },
};

function withFollowers(others: number): Contender {
  const name = others === 0 ? '1 follower' : `${others + 1} followers`;
  return { name, open: async () => (round) => measure(round, others) };
}

async function measure(round: Scope, others: number): Promise<Sample> {
  const master = await startControlMaster(round, [TALKER, MORTALS]);
  await delay(SETTLE_MS);
  const lines = spreadOf(await inScope(round, (scope) => measureLines(scope, master, others)));
  const deaths = spreadOf(await inScope(round, (scope) => measureDeaths(scope, master, others)));
  return {
    lineP50: lines.p50,
    lineP99: lines.p99,
    lineWorst: lines.worst,
    deathP50: deaths.p50,
    deathP99: deaths.p99,
    deathWorst: deaths.worst,
  };
}

/** From the moment in which a process says something. */
async function measureLines(scope: Scope, master: ControlMaster, others: number): Promise<number[]> {
  const [talker] = await master.client.processes(TALKER.name);
  await gatherCrowd(scope, master, '/logs?follow=1', others);
  const arrivals = await Arrivals.follow(scope, (signal) =>
    new ControlClient(master.socket, { signal }).followLogs({ group: TALKER.name }),
  );
  process.kill(talker!.pid!, 'SIGHUP');
  await delay(SETTLE_MS);
  const times: number[] = [];
  while (times.length < COUNT) {
    await delay(PAUSE_MS);
    const arrival = arrivals.next('a line', (entry) => saidAt(entry) !== undefined);
    process.kill(talker!.pid!, 'SIGUSR2');
    const { entry, atNs } = await arrival;
    times.push(msBetween(saidAt(entry)!, atNs));
  }
  return times;
}

/** When a line was said; undefined: it is another one, or none. */
function saidAt(entry: object): bigint | undefined {
  if (!('line' in entry)) return undefined;
  const [, ns] = /^@(\d+)$/.exec(String(entry.line)) ?? [];
  return ns === undefined ? undefined : BigInt(ns);
}

/** From the moment in which a process is killed. */
async function measureDeaths(scope: Scope, master: ControlMaster, others: number): Promise<number[]> {
  const mortals = await master.client.processes(MORTALS.name);
  await gatherCrowd(scope, master, '/events', others);
  const arrivals = await Arrivals.follow(scope, (signal) => new ControlClient(master.socket, { signal }).events());
  await delay(SETTLE_MS);
  const times: number[] = [];
  for (const { id, pid } of mortals) {
    await delay(PAUSE_MS);
    const arrival = arrivals.next('an end', (event) => event.type === 'process_stopped' && event.id === id);
    const killedNs = process.hrtime.bigint();
    process.kill(pid!, 'SIGKILL');
    times.push(msBetween(killedNs, (await arrival).atNs));
  }
  return times;
}

/** Others that follow, and were there before; one of them reads nothing. */
async function gatherCrowd(scope: Scope, { socket }: ControlMaster, path: string, others: number): Promise<void> {
  if (others === 0) return;
  const crowd = await startProgram(scope, SERVICE_FIXTURES.crowd, { args: [socket, path, String(others)] });
  await printed(crowd, (line) => line === READY);
}

async function inScope<T>(parent: Scope, work: (scope: Scope) => Promise<T>): Promise<T> {
  const scope = await parent.child();
  try {
    return await work(scope);
  } finally {
    await scope.close();
  }
}

function msBetween(fromNs: bigint, untilNs: bigint): number {
  return Number(untilNs - fromNs) / 1e6;
}

function metric(key: string, label: string): Metric {
  return { key, label, unit: 'ms', digits: 1 };
}

const ALONE = withFollowers(0);
const AMONG_MANY = withFollowers(FOLLOWERS - 1);

export const events: Figure = {
  name: 'events',
  title: `until a follower has what a process says, and that it was killed; ${COUNT} each, the master idle`,
  rounds: 3,
  contenders: [ALONE, AMONG_MANY],
  metrics: [
    metric('lineP50', 'half of the lines have come'),
    metric('lineP99', '99 % of the lines'),
    metric('lineWorst', 'all lines'),
    metric('deathP50', 'half of the deaths have come'),
    metric('deathP99', '99 % of the deaths'),
    metric('deathWorst', 'all deaths'),
  ],
  comparisons: [ALONE, AMONG_MANY].flatMap(({ name }) =>
    ['lineWorst', 'deathWorst'].map(
      (key) => ({ metric: key, contender: name, measure: 'worst', aim: { atMost: 20 } }) as const,
    ),
  ),
};
