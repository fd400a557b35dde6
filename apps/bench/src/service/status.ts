import type { Contender, Figure, MeasureRound } from '../harness/benchmark.js';
import type { Scope } from '../harness/scope.js';
import { FIXTURES } from '../fixtures/paths.js';
import { SERVICE_FIXTURES } from './fixtures/paths.js';
import { runCommand, type Command } from './run-command.js';
import { shared } from './shared.js';
import { spreadOf } from './spread.js';
import { startPm2Sleepers } from './status-pm2.js';
import { startStatusMaster } from './status-master.js';
import { PROCESSES } from './status-plan.js';

const RUNS = 11;

const master = shared(startStatusMaster);

function masterStatus(
  name: string,
  application: string,
  options: readonly string[],
  assertOutput: (output: string) => void,
): Contender {
  return {
    name,
    open: async (figure) => {
      const { file, folder } = await master(figure);
      const args = [application, 'master:status', ...options, '--config-file', file];
      return measure({ args, cwd: folder }, assertOutput);
    },
  };
}

const pm2Jlist: Contender = {
  name: 'pm2 jlist',
  attempts: 3,
  open: async (figure) => measure(await startPm2Sleepers(figure), assertList),
};

/** What nobody can beat. */
const emptyNode: Contender = { name: 'node -e 0', open: async () => measure({ args: ['-e', '0'] }, () => undefined) };

/** The first run is not counted: it may fill a compile cache. */
function measure(command: Command, assertOutput: (output: string) => void): MeasureRound {
  return async (round: Scope) => {
    const times: number[] = [];
    for (let run = 0; run <= RUNS; run++) {
      const { output, ms } = await runCommand(round, command);
      assertOutput(output);
      if (run > 0) times.push(ms);
    }
    const { p50, worst } = spreadOf(times);
    return { wholeMs: p50, worstMs: worst };
  };
}

function assertTable(output: string): void {
  assertCount(output.match(/^ *\d+ .* running +\d+ /gm)?.length ?? 0);
}

function assertJson(output: string): void {
  const { processes } = JSON.parse(output) as { readonly processes: readonly { readonly state: string }[] };
  assertCount(processes.filter(({ state }) => state === 'running').length);
}

/** The first time pm2 says who it is before. */
function assertList(output: string): void {
  const list = output.split('\n').find((line) => line.startsWith('[{')) ?? '[]';
  assertCount((JSON.parse(list) as unknown[]).length);
}

function assertCount(count: number): void {
  if (count !== PROCESSES) throw new Error(`${count} of ${PROCESSES} processes are shown`);
}

const { loadingApplication } = SERVICE_FIXTURES;

/** The root module is given by a function, as the example does it. */
const TABLE = masterStatus('master:status', loadingApplication, [], assertTable);
const JSON_TEXT = masterStatus('--json', loadingApplication, ['--json'], assertJson);

/** Its main.ts imports the root module, so that Node loads all of the application before the command is known. */
const LOADED = masterStatus('all loaded', FIXTURES.slaveApplication, [], assertTable);

const IN_TIME = { metric: 'wholeMs', measure: 'value', aim: { atMost: 150 } } as const;

export const status: Figure = {
  name: 'status',
  title: `the whole command that shows ${PROCESSES} processes, the median of ${RUNS}`,
  rounds: 3,
  contenders: [TABLE, JSON_TEXT, LOADED, pm2Jlist, emptyNode],
  metrics: [
    { key: 'wholeMs', label: 'from the start to the end of the command', unit: 'ms' },
    { key: 'worstMs', label: 'the slowest of them', unit: 'ms' },
  ],
  comparisons: [
    { ...IN_TIME, contender: TABLE.name },
    { metric: 'wholeMs', contender: TABLE.name, measure: 'ratio', against: 'pm2 jlist' },
    { metric: 'wholeMs', contender: TABLE.name, measure: 'ratio', against: 'node -e 0' },
    { ...IN_TIME, contender: JSON_TEXT.name },
    { ...IN_TIME, contender: LOADED.name },
  ],
};
