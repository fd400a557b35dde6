import type { Contender, Figure, Sample } from '../harness/benchmark.js';
import { MeasuredProgram } from '../harness/measured-program.js';
import { childrenOf } from '../harness/proc.js';
import type { Scope } from '../harness/scope.js';
import { SshServers } from '../harness/sshd.js';
import { SSH_FIXTURES } from './fixtures/paths.js';

function contender(name: string, break_: (sessions: readonly number[], round: Scope) => Promise<void>): Contender {
  return {
    name,
    open: async (figure) => {
      const servers = await SshServers.start(figure, 1);
      return (round) => measure(round, servers, break_);
    },
  };
}

/** The sessions of an sshd are its children, and theirs where it gives up rights. */
async function measure(
  round: Scope,
  servers: SshServers,
  break_: (sessions: readonly number[], round: Scope) => Promise<void>,
): Promise<Sample> {
  const server = servers.servers[0]!;
  const args = [JSON.stringify([servers.remote(server)])];
  const program = await MeasuredProgram.start(round, SSH_FIXTURES.connectingMaster, { args });
  await program.result();
  const startMs = Date.now();
  await break_(childrenOf(server.pid), round);
  const { lostAtMs } = await program.result();
  return { noticedMs: lostAtMs! - startMs };
}

/** A process dies: the system closes its connection. */
const closed = contender('killed', async (sessions) => {
  for (const pid of sessions) process.kill(pid, 'SIGKILL');
});

/** As when a network is cut: nothing is said any more, and nothing is closed. */
const silent = contender('frozen', async (sessions, round) => {
  for (const pid of sessions) process.kill(pid, 'SIGSTOP');
  await round.defer(() => {
    for (const pid of sessions) process.kill(pid, 'SIGKILL');
  });
});

export const lostConnection: Figure = {
  name: 'lost-connection',
  title:
    "until a master notices that a host's connection is gone: closed (the host's sshd is killed), or silent (it is frozen)",
  rounds: 7,
  contenders: [closed, silent],
  metrics: [{ key: 'noticedMs', label: 'noticed after', unit: 'ms' }],
  comparisons: [
    { metric: 'noticedMs', contender: 'killed', measure: 'value', aim: { atMost: 50 } },
    { metric: 'noticedMs', contender: 'frozen', measure: 'worst', aim: { atMost: 5000 } },
  ],
};
