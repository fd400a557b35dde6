import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Comparison, Contender, Figure, MeasureRound, Sample } from '../harness/benchmark.js';
import { MeasuredProgram } from '../harness/measured-program.js';
import { childrenOf } from '../harness/proc.js';
import type { Scope } from '../harness/scope.js';
import { SshServers } from '../harness/sshd.js';
import { Stopwatch } from '../harness/stopwatch.js';
import { within } from '../harness/wait.js';
import { SSH_FIXTURES } from './fixtures/paths.js';

/** Peers and ours reach the same servers, but each contender starts its own. */
function contender(name: string, count: number, open: (servers: SshServers, figure: Scope) => MeasureRound): Contender {
  return { name, open: async (figure) => open(await SshServers.start(figure, count), figure) };
}

/** Connected, logged in, agent started, its first message come: what a master waits for before it can start anything. */
const coldAgents = (count: number): Contender =>
  contender('agent', count, (servers) => async (round) => {
    const { connectMs } = await (await startMaster(round, servers)).result();
    return { connectMs: connectMs! };
  });

/** The agents are there: their connections were cut. From the moment at which the master tries again. */
const warmAgent: Contender = contender('agent that runs', 1, (servers) => async (round) => {
  const program = await startMaster(round, servers);
  await program.result();
  for (const pid of childrenOf(servers.servers[0]!.pid)) process.kill(pid, 'SIGKILL');
  // The loss.
  await program.result();
  const { socketMs } = await program.result();
  return { connectMs: socketMs! };
});

function startMaster(round: Scope, servers: SshServers): Promise<MeasuredProgram> {
  const blocks = servers.servers.map((server) => servers.remote(server));
  return MeasuredProgram.start(round, SSH_FIXTURES.connectingMaster, { args: [JSON.stringify(blocks)] });
}

const nodeOverSsh = (count: number): Contender =>
  contender('ssh node -e 0', count, (servers) => () => runEverywhere(servers, []));

/** With a connection that is already there, which a master's first one never is. */
const controlMaster = (count: number): Contender =>
  contender('ssh, ControlMaster', count, (servers, figure) => {
    let options: string[] | undefined;
    return async () => {
      if (options === undefined) {
        options = await keepConnections(servers, figure);
        await runEverywhere(servers, options);
      }
      return runEverywhere(servers, options);
    };
  });

async function keepConnections(servers: SshServers, figure: Scope): Promise<string[]> {
  const path = join(await figure.folder(), '%C');
  const options = ['ControlMaster=auto', 'ControlPersist=60', `ControlPath=${path}`].flatMap((each) => ['-o', each]);
  await figure.defer(async () => {
    await Promise.all(servers.servers.map((server) => ssh([...options, '-O', 'exit', ...servers.arguments(server)])));
  });
  return options;
}

async function runEverywhere(servers: SshServers, options: readonly string[]): Promise<Sample> {
  const command = [process.execPath, '-e', '0'];
  const watch = new Stopwatch();
  const runs = servers.servers.map((server) => ssh([...options, ...servers.arguments(server), ...command]));
  const codes = await within('all to be done over SSH', Promise.all(runs));
  if (codes.some((code) => code !== 0)) throw new Error(`ssh ended with ${codes.join(', ')}`);
  return { connectMs: watch.ms() };
}

async function ssh(args: readonly string[]): Promise<number | null> {
  const child = spawn('ssh', args, { stdio: ['ignore', 'ignore', 'ignore'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

interface Shape {
  readonly count: number;
  readonly rounds: number;
  /** Of the time of `ssh`. */
  readonly aim: number;
  readonly others?: readonly Contender[];
}

function connecting(name: string, { count, rounds, aim, others = [] }: Shape): Figure {
  return {
    name,
    title: `${count === 1 ? 'a host' : `${count} hosts in parallel`}: connect, log in, start an agent and hear it, against \`ssh host node -e 0\``,
    rounds,
    contenders: [coldAgents(count), ...others, nodeOverSsh(count), controlMaster(count)],
    metrics: [{ key: 'connectMs', label: 'until the last has answered', unit: 'ms' }],
    comparisons: [
      { metric: 'connectMs', contender: 'agent', measure: 'ratio', against: 'ssh node -e 0', aim: { atMost: aim } },
      ...others.map(({ name: other }) => ratio(other, 'ssh node -e 0')),
      ratio('agent', 'ssh, ControlMaster'),
    ],
  };
}

function ratio(contenderName: string, against: string): Comparison {
  return { metric: 'connectMs', contender: contenderName, measure: 'ratio', against };
}

export const oneHost = connecting('connect', { count: 1, rounds: 15, aim: 0.4, others: [warmAgent] });
export const twentyHosts = connecting('connect-20', { count: 20, rounds: 7, aim: 0.6 });
