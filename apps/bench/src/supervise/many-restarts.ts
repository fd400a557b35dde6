import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { GroupOptions } from '@distributed-architecture/core';
import type { Contender, Figure, Sample } from '../harness/benchmark.js';
import { descriptors, residentMb } from '../harness/proc.js';
import { startProgram } from '../harness/program.js';
import type { Scope } from '../harness/scope.js';
import { within } from '../harness/wait.js';
import { FIXTURES } from '../fixtures/paths.js';

/** Restarts of one process, one after the other. */
const RESTARTS = 1000;

/** The first life and each 200th after it last until they are killed: then nothing happens, and the master is looked at. */
const REST_EVERY = 200;
const SETTLE_MS = 500;

/** The look after 20 % of the restarts. */
const SETTLED_LOOK = 1;

const AT_ONCE = { restart: 'always', restartDelay: 0, maxRestarts: 1_000_000 } as const;

/** A shell script that counts its lives in a file. */
const CRASHING_PROGRAM = `read n < count
echo $((n + 1)) > count
echo "life $n"
[ $((n % ${REST_EVERY})) -ne 0 ] && exit 1
echo "resting $n $$"
exec sleep 1000
`;

interface Look {
  readonly rssMb: number;
  readonly descriptors: number;
}

async function crashingProgram(round: Scope): Promise<GroupOptions> {
  const path = await round.folder();
  await writeFile(join(path, 'count'), '0\n');
  await writeFile(join(path, 'crash.sh'), CRASHING_PROGRAM);
  return { name: 'Crashing', command: 'sh crash.sh', console: false, path, ...AT_ONCE };
}

async function crashingSlave(): Promise<GroupOptions> {
  const params = { restEvery: REST_EVERY };
  return { name: 'Crashing', command: 'crash', console: FIXTURES.crashingSlave, params, ...AT_ONCE };
}

function contender(name: string, group: (round: Scope) => Promise<GroupOptions>): Contender {
  return { name, open: async () => async (round) => measure(round, await group(round)) };
}

async function measure(round: Scope, group: GroupOptions): Promise<Sample> {
  const master = await startProgram(round, FIXTURES.groupMaster, {
    args: [JSON.stringify([group])],
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const resting = restingPids(createInterface({ input: master.stdout! }));
  const looks: Look[] = [];
  while (looks.length <= RESTARTS / REST_EVERY) {
    const { value: pid } = await within(`${REST_EVERY} restarts`, resting.next());
    looks.push(await lookAt(master.pid!));
    process.kill(pid!, 'SIGKILL');
  }
  return describe(looks);
}

async function* restingPids(lines: AsyncIterable<string>): AsyncGenerator<number, undefined> {
  for await (const line of lines) {
    const [, pid] = /resting \d+ (\d+)$/.exec(line) ?? [];
    if (pid !== undefined) yield Number(pid);
  }
  throw new Error('The master has ended too early');
}

async function lookAt(pid: number): Promise<Look> {
  await delay(SETTLE_MS);
  return { rssMb: residentMb(pid), descriptors: descriptors(pid) };
}

function describe(looks: readonly Look[]): Sample {
  const [first, settled, last] = [looks[0]!, looks[SETTLED_LOOK]!, looks.at(-1)!];
  return {
    settledMb: settled.rssMb,
    endMb: last.rssMb,
    growthMb: last.rssMb - settled.rssMb,
    leaked: last.descriptors - first.descriptors,
  };
}

/** Memory is flat when at the end it is at most 10 MB above what it was after 20 % of the restarts. */
export const manyRestarts: Figure = {
  name: 'restarts-1000',
  title: `memory and file descriptors of a master after ${RESTARTS} restarts in a row`,
  rounds: 1,
  contenders: [contender('program', crashingProgram), contender('slave', crashingSlave)],
  metrics: [
    { key: 'settledMb', label: 'RSS at 20 %', unit: 'MB', digits: 1 },
    { key: 'endMb', label: 'RSS at the end', unit: 'MB', digits: 1 },
    { key: 'growthMb', label: 'RSS at the end, over that at 20 %', unit: 'MB', digits: 1 },
    { key: 'leaked', label: 'descriptors at the end, over those at the start', unit: 'descriptors' },
  ],
  comparisons: ['program', 'slave'].flatMap((name) => [
    { metric: 'growthMb', contender: name, measure: 'worst', aim: { atMost: 10 } } as const,
    { metric: 'leaked', contender: name, measure: 'worst', aim: { atMost: 0 } } as const,
  ]),
};
