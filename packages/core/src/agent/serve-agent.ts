import type { Socket } from 'node:net';
import { StreamLink } from '../agent-channel/stream-link.js';
import { ExitCode } from '../errors/distributed-architecture-error.js';
import { limitYoungGeneration } from '../launcher/limit-young-generation.js';
import type { AgentDoor } from './agent-door.js';
import { agentSession } from './start-agent.js';

/** When all is done, what still holds the program open gets no longer than this. */
const LEAVE_MS = 2000;

/** After so long without an end there is time to keep what was compiled. */
const SETTLED_MS = 2000;

export interface ServedAgent {
  readonly door: AgentDoor;
  readonly name: string;
  /** The script that is the console of slaves which name none. */
  readonly entry: string;
}

/** The life of an agent that listens: links come and go, until it has nothing to do any more. */
export function serveAgent({ door, name, entry }: ServedAgent): void {
  limitYoungGeneration();
  const { execPath, execArgv } = process;
  const session = agentSession({ name, own: { execPath, execArgv, script: entry } }, () => end(door));
  const links = new Set<Socket>();
  door.listen((socket) => {
    links.add(socket);
    socket.once('close', () => links.delete(socket));
    session.accept(new StreamLink(socket));
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => session.leave());
  // The end of the SSH session is not ours.
  process.on('SIGHUP', () => {});
  // The relay that has started us may be gone.
  process.stderr.on('error', () => {});
  process.on('uncaughtException', (error) => crash(error, links));
  setTimeout(keepCompiled, SETTLED_MS).unref();
}

function end(door: AgentDoor): void {
  door.close();
  setTimeout(() => process.exit(ExitCode.Ok), LEAVE_MS).unref();
}

/**
 * Our processes are ended by the watchdog, and the master connects again. It logs what is no message: no other says more
 * to one that has been accepted.
 */
function crash(error: Error, links: ReadonlySet<Socket>): never {
  const [line] = `The agent has failed: ${error.message}`.split('\n');
  for (const link of links) link.write(`${line}\n`);
  process.stderr.write(`${error.stack ?? error.message}\n`);
  process.exit(ExitCode.Internal);
}

function keepCompiled(): void {
  process.getBuiltinModule('node:module').flushCompileCache();
}
