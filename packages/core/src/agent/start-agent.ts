import { randomUUID } from 'node:crypto';
import { StreamLink, type LinkStreams } from '../agent-channel/stream-link.js';
import { SystemClock } from '../clock/system-clock.js';
import { ownCommandLine, type OwnCommandLine } from '../local/command-line.js';
import { LocalHost } from '../local/local-host.js';
import { machineLoad } from '../local/machine-load.js';
import { agentName } from './agent-place.js';
import type { AgentLoad } from './agent-run.js';
import { AgentSession } from './agent-session.js';
import { listenerStarter } from './listener/start-listener.js';
import { LauncherAgentEngine } from './launcher-agent-engine.js';
import { ownIdentity } from './own-identity.js';

const MB = 1_048_576;

export interface RunAgentOptions extends LinkStreams {
  /** Tells agents of one fleet on one machine and user apart. Default: made of the working directory and the node. */
  readonly name?: string;
  /** Aborted, the agent stops everything and ends. */
  readonly signal?: AbortSignal;
}

/** An agent on this machine, with one link. */
export function startAgent({ name = agentName(), signal, ...streams }: RunAgentOptions, onIdle: () => void): void {
  const session = agentSession({ name, own: ownCommandLine() }, onIdle);
  session.accept(new StreamLink(streams));
  session.noMoreLinks();
  if (signal?.aborted) session.leave();
  signal?.addEventListener('abort', () => session.leave(), { once: true });
}

export interface AgentSessionSettings {
  readonly name: string;
  /** How slaves are started whose group does not say it. */
  readonly own: OwnCommandLine;
}

/** An agent on this machine, without links. */
export function agentSession({ name, own }: AgentSessionSettings, onIdle: () => void): AgentSession {
  const clock = new SystemClock();
  return new AgentSession({
    identity: ownIdentity(name, own.script),
    createEngine: ({ fleet, epoch }, listener) => {
      const host = new LocalHost({ fleet: `${fleet}@${name}`, own });
      const startListener = listenerStarter({ host, own, sink: listener.sink });
      return new LauncherAgentEngine({ host, epoch, clock, random: Math.random, listener, startListener });
    },
    clock,
    createId: randomUUID,
    measure,
    onIdle,
  });
}

function measure(): AgentLoad {
  return { ...machineLoad(), rss: process.memoryUsage.rss() / MB };
}
