import type { GroupOptions } from '@distributed-architecture/core';
import type { Contender, Figure, Sample } from '../harness/benchmark.js';
import type { Scope } from '../harness/scope.js';
import { within } from '../harness/wait.js';
import { FIXTURES, READY } from '../fixtures/paths.js';
import { Fleet } from '../peers/fleet.js';

/** Slaves of a round; each blocks its event loop once, at a time of its own. */
const COUNT = 20;
const TIMEOUT_SECONDS = 2;

const launcher: Contender = { name: 'launcher', open: async () => measure };

/** Each slave tells when it gave its last sign of life, by the clock that all processes of a machine share. */
async function measure(round: Scope): Promise<Sample> {
  const group: GroupOptions = {
    name: 'Blocking',
    command: 'block',
    console: FIXTURES.blockingSlave,
    timeout: TIMEOUT_SECONDS,
    local: { instancesCount: COUNT },
  };
  const fleet = await Fleet.start(round, group, READY, { maxProcessTimeout: 1 });
  const late = await within(`${COUNT} blocked slaves to be noticed`, allNoticed(fleet));
  return { latestMs: Math.max(...late), earliestMs: Math.min(...late) };
}

function allNoticed(fleet: Fleet): Promise<number[]> {
  const blockedAt = new Map<number, bigint>();
  const late: number[] = [];
  return new Promise((resolve) => {
    fleet.launcher.on('process_running', ({ process, line }) => {
      const [, at] = /^blocked (\d+)$/.exec(line ?? '') ?? [];
      if (at !== undefined) blockedAt.set(process.id, BigInt(at));
    });
    fleet.launcher.on('process_timedout', ({ process }) => {
      late.push(silentMs(blockedAt.get(process.id)) - TIMEOUT_SECONDS * 1000);
      if (late.length === COUNT) resolve(late);
    });
  });
}

/** NaN, which no figure accepts, for one that was not heard. */
function silentMs(since: bigint | undefined): number {
  return since === undefined ? NaN : Number(process.hrtime.bigint() - since) / 1e6;
}

export const blockedLoop: Figure = {
  name: 'blocked-loop',
  title: `${COUNT} slaves with a timeout of ${TIMEOUT_SECONDS} s that block their event loop, until each is noticed`,
  rounds: 3,
  contenders: [launcher],
  metrics: [
    { key: 'latestMs', label: 'the last one noticed, after its timeout', unit: 'ms', digits: 1 },
    { key: 'earliestMs', label: 'the first one noticed, after its timeout', unit: 'ms', digits: 1 },
  ],
  comparisons: [{ metric: 'latestMs', contender: 'launcher', measure: 'worst', aim: { atMost: 100 } }],
};
