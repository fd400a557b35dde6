import { randomUUID } from 'node:crypto';
import { loadavg } from 'node:os';
import { StreamLink, type LinkStreams } from '../agent-channel/stream-link.js';
import { SystemClock } from '../clock/system-clock.js';
import { LocalHost } from '../local/local-host.js';
import type { AgentLoad } from './agent-run.js';
import { AgentSession } from './agent-session.js';
import { LauncherAgentEngine } from './launcher-agent-engine.js';
import { agentName, ownIdentity } from './own-identity.js';

const MB = 1_048_576;

export interface RunAgentOptions extends LinkStreams {
  /** Tells agents of one fleet on one machine and user apart. Default: made of the working directory and the node. */
  readonly name?: string;
  /** Aborted, the agent stops everything and ends. */
  readonly signal?: AbortSignal;
}

/** An agent on this machine, with one link. */
export function startAgent({ name = agentName(), signal, ...streams }: RunAgentOptions, onIdle: () => void): void {
  const clock = new SystemClock();
  const session = new AgentSession({
    identity: ownIdentity(name),
    createEngine: ({ fleet, epoch }, listener) => {
      const host = new LocalHost({ fleet: `${fleet}@${name}` });
      return new LauncherAgentEngine({ host, epoch, clock, random: Math.random, listener });
    },
    clock,
    createId: randomUUID,
    measure,
    onIdle,
  });
  session.accept(new StreamLink(streams));
  session.noMoreLinks();
  if (signal?.aborted) session.leave();
  signal?.addEventListener('abort', () => session.leave(), { once: true });
}

function measure(): AgentLoad {
  return { load: loadavg()[0]!, rss: process.memoryUsage.rss() / MB };
}
