import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { createInterface } from 'node:readline';
import { StreamLink, type AgentConnection } from '@distributed-architecture/core';
import { onTestFinished } from 'vitest';
import { endMarkedProcesses, markedProcesses, type FoundProcess } from '../setup/marked-processes.js';
import { programEnv } from '../setup/run-to-end.js';
import { WITHOUT_CACHE } from './fleet.js';

const MARKER = 'distributed-architecture-relay 1\n';
const MARK = 'DISTRIBUTED_ARCHITECTURE_TEST_RELAY';
const DEADLINE_MS = 30_000;

export interface RelayOptions {
  /** Seconds. */
  readonly lease?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Before the entry. */
  readonly nodeOptions?: readonly string[];
  /** Of the shell that becomes the relay. */
  readonly umask?: string;
}

export type RelayProcess = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * A machine that is reached by `<entry> run-agent`, over pipes instead of SSH. When the test ends its agents must have
 * ended; they are killed, and the test fails otherwise.
 */
export class Relays implements AgentConnection {
  readonly transport = 'Relay';
  readonly lease: number;
  /** All so far, the current one last. */
  readonly started: RelayProcess[] = [];
  /** What they have said on their standard error. */
  errors = '';
  readonly #options: RelayOptions;
  readonly #mark = `${MARK}=${randomUUID()}`;

  constructor(
    private readonly entry: string,
    options: RelayOptions = {},
  ) {
    this.#options = options;
    this.lease = options.lease ?? 30;
    onTestFinished(() => this.#leaveNone());
  }

  readonly connect = async (): Promise<StreamLink> => {
    const relay = this.start();
    await afterMarker(relay.stdout);
    return new StreamLink({ input: relay.stdout, output: relay.stdin });
  };

  /** One that nobody has said anything to. */
  start(): RelayProcess {
    const { env, cwd, nodeOptions = [], umask = '022' } = this.#options;
    const command = [process.execPath, ...nodeOptions, this.entry, 'run-agent'];
    const relay = spawn('/bin/sh', ['-c', `umask ${umask}; exec "$@"`, 'sh', ...command], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: programEnv({ ...WITHOUT_CACHE, [MARK]: this.#mark.slice(MARK.length + 1), ...env }),
      cwd,
      detached: true,
    });
    relay.stdin.on('error', () => {});
    relay.stderr.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    this.started.push(relay);
    return relay;
  }

  get current(): RelayProcess {
    return this.started.at(-1)!;
  }

  /** Relays, agents, and all that these run. */
  get processes(): FoundProcess[] {
    return markedProcesses(this.#mark);
  }

  /** Process ids of the agents that run. */
  get agents(): number[] {
    const agents = this.processes.filter(({ command }) => command.includes('/agent-main.js '));
    return agents.map(({ pid }) => pid);
  }

  async #leaveNone(): Promise<void> {
    const left = await endMarkedProcesses(this.#mark);
    if (left.length > 0) throw new Error(`Left behind:\n${left.map(({ command }) => command).join('\n')}`);
  }
}

/** How a relay has ended: exit code, or signal. */
export async function endOf(relay: RelayProcess): Promise<number | NodeJS.Signals> {
  if (relay.exitCode === null && relay.signalCode === null) {
    await once(relay, 'close', { signal: AbortSignal.timeout(DEADLINE_MS) });
  }
  return relay.exitCode ?? relay.signalCode!;
}

/** The messages that come after the marker, one by one. */
export async function* messagesOf(relay: RelayProcess): AsyncGenerator<Record<string, unknown>, void> {
  await afterMarker(relay.stdout);
  for await (const line of createInterface({ input: relay.stdout })) yield JSON.parse(line) as Record<string, unknown>;
}

export function helloOf(fleet: string, { epoch = 1, leaseMs = 2000 } = {}): string {
  const versions = { protocol: { major: 1, minor: 0 }, version: '0.1.0', capabilities: [] };
  return `${JSON.stringify({ type: 'hello', fleet, epoch, leaseMs, ...versions })}\n`;
}

/** Reads the relay's first line, which is not a message. */
async function afterMarker(output: Readable): Promise<void> {
  let read = '';
  while (!read.includes('\n')) {
    const chunk = output.read() as Buffer | null;
    if (chunk !== null) read += chunk.toString('latin1');
    else if (output.readableEnded) throw new Error(`Ended before its marker: ${read}`);
    else await Promise.race([once(output, 'readable'), once(output, 'end')]);
  }
  if (!read.startsWith(MARKER)) throw new Error(`No marker: ${read}`);
  const rest = read.slice(MARKER.length);
  if (rest !== '') output.unshift(Buffer.from(rest, 'latin1'));
}
