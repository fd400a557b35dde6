import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { GroupOptions } from '@distributed-architecture/core';
import { FIXTURES } from '../fixtures/paths.js';
import type { Contender, Figure, Sample } from '../harness/benchmark.js';
import { MeasuredProgram } from '../harness/measured-program.js';
import { cpuSeconds } from '../harness/proc.js';
import { startProgram } from '../harness/program.js';
import type { Scope } from '../harness/scope.js';
import { SshServers } from '../harness/sshd.js';
import { measureLog } from '../supervise/log-measure.js';
import { Printers } from '../supervise/printers.js';
import { SSH_FIXTURES } from './fixtures/paths.js';
import type { RawChannelPlan } from './raw-channel-plan.js';

const LINES = 1_000_000;

type Group = Omit<GroupOptions, 'name' | 'command'>;

function printerGroup(printers: Printers, where: Group): GroupOptions {
  return { name: 'Printers', command: commandOf(printers), console: false, ...where };
}

function commandOf({ args }: Printers): string {
  return [process.execPath, FIXTURES.linePrinter, ...args].join(' ');
}

/** What a master logs, whoever runs the printer. */
async function measureMaster(round: Scope, script: string, where: Group): Promise<Sample> {
  const printers = await Printers.create(round, 1, LINES);
  const log = join(await round.folder(), 'master.log');
  const file = openSync(log, 'a');
  const args = [JSON.stringify([printerGroup(printers, where)])];
  const master = await startProgram(round, script, { args, stdio: ['ignore', file, 'inherit'] });
  closeSync(file);
  return measureLog(printers, log, master.pid!);
}

const here: Contender = {
  name: 'no agent',
  open: async () => (round) => measureMaster(round, FIXTURES.groupMaster, {}),
};

const pipe: Contender = {
  name: 'agent, pipe',
  open: async () => (round) => measureMaster(round, SSH_FIXTURES.pipeMaster, {}),
};

const agent: Contender = {
  name: 'agent, ssh',
  open: async (figure) => {
    const servers = await SshServers.start(figure, 1);
    return (round) =>
      measureMaster(round, SSH_FIXTURES.remoteMaster, { remote: [servers.remote(servers.servers[0]!)] });
  },
};

/** What is counted is not kept; and of the lines that come whole only their number is known. */
const rawChannel: Contender = {
  name: 'ssh2 channel',
  open: async (figure) => {
    const { servers, access } = await SshServers.start(figure, 1);
    return (round) => measureChannel(round, { ...servers[0]!, access });
  },
};

async function measureChannel(round: Scope, server: Pick<RawChannelPlan, 'address' | 'port' | 'access'>) {
  const printers = await Printers.create(round, 1, LINES);
  // It idles when it has printed, and sshd leaves it alone when the connection ends.
  const command = `${commandOf(printers)} & cat > /dev/null; kill $!`;
  const plan: RawChannelPlan = { ...server, command, lines: LINES };
  const program = await MeasuredProgram.start(round, SSH_FIXTURES.rawChannel, { args: [JSON.stringify(plan)] });
  await printers.ready();
  const cpuBefore = cpuSeconds(program.pid);
  const startMs = Date.now();
  printers.go();
  const { endMs, broken } = (await program.result()) as { endMs: number; broken: number };
  const used = cpuSeconds(program.pid) - cpuBefore;
  await program.ended();
  return { linesPerSecond: LINES / ((endMs - startMs) / 1000), cpuSeconds: used, broken };
}

/** Every line is checked: whole, in order, none missing. */
export const remoteLines: Figure = {
  name: 'lines',
  title: `${LINES.toLocaleString('en-US')} lines of one process on another host, into a tagged log`,
  rounds: 7,
  contenders: [rawChannel, agent, pipe, here],
  metrics: [
    { key: 'linesPerSecond', label: 'lines', unit: 'lines/s' },
    { key: 'cpuSeconds', label: 'CPU of the receiver', unit: 's', digits: 2 },
    { key: 'broken', label: 'lines lost, cut, out of order', unit: 'lines' },
  ],
  comparisons: [
    {
      metric: 'linesPerSecond',
      contender: 'agent, ssh',
      measure: 'ratio',
      against: 'ssh2 channel',
      aim: { atLeast: 0.6 },
    },
    { metric: 'broken', contender: 'agent, ssh', measure: 'worst', aim: { atMost: 0 } },
  ],
};
