/*
 * What `run-agent` is, as a master starts it on a host: the way from a pair of pipes (SSH) to the socket of the agent.
 *
 *   master                        relay                                 agent
 *         <--- marker ----------- begins
 *   hello ----------------------> looks for the agent of the fleet
 *                                 none: starts one, waits for its word
 *                                 hello ------------------------------>
 *         <----------------------- first byte: from here both ways <----
 *
 * Whatever was printed before the marker is not the relay's. An agent that ends before its first byte is looked for
 * anew, so the hello is kept until then. In place of hello a `probe` is answered by the relay itself.
 *
 * Nothing but Node's own modules and small ones of ours is loaded: a master waits.
 */
import { createConnection, type Socket } from 'node:net';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { isRecord, isText } from '../channel/checks.js';
import { DistributedArchitectureError, ExitCode } from '../errors/distributed-architecture-error.js';
import { AgentStartError, RelayInputError } from './agent-errors.js';
import {
  agentName,
  agentPlace,
  makeAgentFolder,
  runningAgent,
  type AgentPlace,
  type RunningAgent,
} from './agent-place.js';
import { firstLine } from './first-line.js';
import { spawnAgent } from './spawn-agent.js';

/** The first line of the output. */
export const RELAY_MARKER = 'distributed-architecture-relay 1';

/** So often an agent may end between its start and its first byte. */
const MOST_ATTEMPTS = 5;

/** One that holds its place and does not listen has just released it, or lost its socket. */
const UNREACHABLE_MS = 1000;
const RETRY_MS = 50;

/** What a master says before its agent has answered. */
const HELD_BACK_BYTES = 65_536;

/** An agent that does not end a link which its master has ended is frozen. */
const HALF_OPEN_MS = 5000;

/** A master that is gone may have said bye before the agent has answered: so long the agent may take to hear it. */
const LAST_WORD_MS = 5000;

export interface RelayOptions {
  readonly input: Readable;
  readonly output: Writable;
  readonly errors: Writable;
  /** The script of which `run-agent` is a command. */
  readonly entry: string;
  readonly lastWordMs?: number;
}

/** @returns the exit code; why it is not 0 was said on `errors`, in one line */
export async function relay({ errors, ...options }: RelayOptions): Promise<number> {
  const { input, output } = options;
  output.write(`${RELAY_MARKER}\n`);
  try {
    await answer(await firstLine(input), options);
    return ExitCode.Ok;
  } catch (error) {
    const known = error instanceof DistributedArchitectureError;
    errors.write(`${known ? error.message : String((error as Error).stack)}\n`);
    return known ? error.exitCode : ExitCode.Internal;
  }
}

async function answer(line: string, options: Omit<RelayOptions, 'errors'>): Promise<void> {
  const { input, output, entry, lastWordMs = LAST_WORD_MS } = options;
  const message = parse(line);
  if (message.type === 'probe') {
    const { probe } = await import('./probe.js');
    output.write(`${JSON.stringify(await probe(message, entry))}\n`);
    return;
  }
  if (message.type !== 'hello' || !isText(message.fleet)) throw refused(line);
  const place = agentPlace(message.fleet, agentName(isText(message.target) ? message.target : ''));
  const rest = input.pipe(new PassThrough({ highWaterMark: HELD_BACK_BYTES }));
  const gone = new Promise<void>((resolve) => input.once('close', resolve).once('end', resolve));
  const late = gone.then(() => delay(lastWordMs, undefined));
  const agent = await Promise.race([reach(place, entry, line), late]);
  if (agent !== undefined) await pass(rest, agent, output);
}

function parse(line: string): Record<string, unknown> {
  try {
    const message: unknown = JSON.parse(line);
    if (isRecord(message)) return message;
  } catch {
    // Not one of ours.
  }
  throw refused(line);
}

function refused(line: string): RelayInputError {
  const excerpt = JSON.stringify(line.slice(0, 100));
  return new RelayInputError(`The first line on standard input is no hello of a master: ${excerpt}`);
}

/** A connection to the agent, over which its first bytes have come. */
async function reach(place: AgentPlace, entry: string, hello: string): Promise<Socket> {
  makeAgentFolder(place);
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const running = runningAgent(place);
    if (running === undefined) {
      await spawnAgent(place, entry);
      continue;
    }
    const agent = await greet(running.socket, hello);
    if (agent !== undefined) return agent;
    await assertEnding(place, running);
  }
  throw new AgentStartError(`The agent has ended ${MOST_ATTEMPTS} times before it answered`);
}

/** @returns undefined when the agent has ended the connection without a word */
function greet(path: string, hello: string): Promise<Socket | undefined> {
  const socket = createConnection(path);
  socket.write(`${hello}\n`);
  socket.on('error', () => {});
  return new Promise((resolve) => {
    socket.once('readable', () => resolve(socket.readableLength > 0 ? socket : undefined));
    socket.once('close', () => resolve(undefined));
  });
}

/** @throws AgentStartError when the agent lives and goes on without us */
async function assertEnding(place: AgentPlace, { pid, socket }: RunningAgent): Promise<void> {
  const deadline = performance.now() + UNREACHABLE_MS;
  while (runningAgent(place)?.socket === socket) {
    if (performance.now() > deadline) {
      throw new AgentStartError(
        `The agent (pid ${pid}) lives but takes no connection: another master's came later, or end it`,
      );
    }
    await delay(RETRY_MS);
  }
}

/** Passes bytes on until either side has ended, or nobody reads what the agent says. */
function pass(input: Readable, agent: Socket, output: Writable): Promise<void> {
  return new Promise((resolve) => {
    output.once('finish', resolve).once('close', resolve).once('error', resolve);
    agent.once('close', () => output.end());
    input.once('end', () => setTimeout(resolve, HALF_OPEN_MS).unref());
    input.pipe(agent);
    agent.pipe(output);
  });
}
