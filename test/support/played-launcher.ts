import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { CHANNEL_PROTOCOL, CHANNEL_VARIABLE, resolveGroup, type GroupOptions } from '@distributed-architecture/core';
import { onTestFinished } from 'vitest';
import { endMarkedProcesses, markedProcesses } from '../setup/marked-processes.js';
import { slave, WITHOUT_CACHE } from './fleet.js';

const MARK = 'DISTRIBUTED_ARCHITECTURE_TEST_SLAVE';
const DEADLINE_MS = 30_000;
const CHANNEL_FD = 3;

/** A message on the channel of a slave. */
export interface Message {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** A test that is the launcher of one real slave: it says what an agent would, and hears all that the slave says. */
export class PlayedLauncher {
  readonly messages: Message[] = [];
  /** How many messages came in each piece that was read. */
  readonly pieces: Message[][] = [];
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  readonly #mark = `${MARK}=${randomUUID()}`;
  readonly #child: ChildProcess;
  readonly #channel: Duplex;
  #unfinished = '';
  #heard = Promise.withResolvers<void>();

  constructor(script: string, options: Partial<GroupOptions> = {}) {
    const config = resolveGroup(slave(script, options));
    this.#child = spawn(process.execPath, [String(config.console)], {
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
      env: { ...process.env, ...WITHOUT_CACHE, ...this.#environment() },
    });
    this.#channel = this.#child.stdio[CHANNEL_FD] as Duplex;
    this.#channel.setEncoding('utf8');
    this.#channel.on('data', (text: string) => this.#read(text)).on('error', () => {});
    this.exited = once(this.#child, 'exit').then(([code, signal]) => ({ code, signal }));
    onTestFinished(() => this.#leaveNothing());
    const ids = { id: 1, groupId: 1, groupCount: 1, incarnation: 1, epoch: 1 };
    this.send({ type: 'start', protocol: CHANNEL_PROTOCOL, ...ids, config });
  }

  /** Of the slave and all that it has started. */
  get size(): number {
    return markedProcesses(this.#mark).length;
  }

  send(message: Message): void {
    this.#channel.write(`${JSON.stringify(message)}\n`);
  }

  signal(signal: NodeJS.Signals): void {
    process.kill(this.#child.pid!, signal);
  }

  /** Reads nothing more of what the slave says. */
  turnDeaf(): void {
    this.#channel.pause();
  }

  /** Sends renewals of a lease until the test ends or it is told to stop. */
  renewLease(seconds: number): () => void {
    const renew = (): void => this.send({ type: 'lease', seconds, sentAt: machineMs() });
    renew();
    const timer = setInterval(renew, (seconds * 1000) / 10);
    onTestFinished(() => clearInterval(timer));
    return () => clearInterval(timer);
  }

  /** Waits until messages with this type, or log records with this text, have come so many times. */
  async hears(what: string, times = 1): Promise<void> {
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    const count = (): number => this.messages.filter(({ type, message }) => type === what || message === what).length;
    while (count() < times) {
      const late = once(deadline, 'abort').then(() => {
        throw new Error(`Waited in vain for "${what}":\n${JSON.stringify(this.messages)}`);
      });
      await Promise.race([this.#heard.promise, late]);
    }
  }

  #environment(): Record<string, string> {
    const [name = '', value = ''] = this.#mark.split('=');
    return { [CHANNEL_VARIABLE]: String(CHANNEL_FD), NODE_CHANNEL_FD: String(CHANNEL_FD), [name]: value };
  }

  #read(text: string): void {
    const lines = (this.#unfinished + text).split('\n');
    this.#unfinished = lines.pop()!;
    const piece = lines.map((line) => JSON.parse(line) as Message);
    this.pieces.push(piece);
    this.messages.push(...piece);
    this.#heard.resolve();
    this.#heard = Promise.withResolvers();
  }

  async #leaveNothing(): Promise<void> {
    this.#channel.destroy();
    this.#child.kill('SIGKILL');
    const left = (await endMarkedProcesses(this.#mark)).filter(({ pid }) => pid !== this.#child.pid);
    if (left.length > 0) throw new Error(`Left behind:\n${left.map(({ command }) => command).join('\n')}`);
  }
}

/** Monotonic milliseconds that all processes of this machine share. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
