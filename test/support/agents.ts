import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { StreamLink, type AgentConnection, type LauncherOptions } from '@distributed-architecture/core';
import { beforeAll, onTestFinished } from 'vitest';
import { SshMachine } from './ssh-agents.js';

/** For an agent that was told to end. */
const GRACE_MS = 3000;

/** Where set, all fleets of the test file have their processes run by an agent that is reached over SSH. */
let machine: SshMachine | undefined;

const AGENT = join(import.meta.dirname, '../core/fixtures/agent.mjs');

export interface AgentOptions {
  /** Seconds. */
  readonly lease?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Shell text that is executed before the agent. */
  readonly before?: string;
  /** Program that is the agent, and what it starts where a group has no program of its own. */
  readonly script?: string;
}

type AgentProcess = ChildProcessByStdio<Writable, Readable, null>;

/** Agents over a plain pipe: each connection starts one, a child of the test. */
export class PipeAgents implements AgentConnection {
  readonly transport = 'Pipe';
  readonly lease: number;
  readonly #before: string;
  readonly #script: string;
  readonly #env: Readonly<Record<string, string>>;
  /** All so far, the current one last. */
  readonly started: AgentProcess[] = [];

  constructor({ lease = 30, env = {}, before = ':', script = AGENT }: AgentOptions = {}) {
    this.lease = lease;
    onTestFinished(() => this.#leaveNone());
    this.#before = before;
    this.#script = script;
    this.#env = env;
  }

  readonly connect = (): Promise<StreamLink> => {
    const child = spawn('/bin/sh', ['-c', `${this.#before}; exec "$0" "$1"`, process.execPath, this.#script], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...this.#env },
      // A Ctrl-C at the master is not one at the agent.
      detached: true,
    });
    this.started.push(child);
    return Promise.resolve(new StreamLink({ input: child.stdout, output: child.stdin }));
  };

  get current(): AgentProcess {
    return this.started.at(-1)!;
  }

  async #leaveNone(): Promise<void> {
    const left = (): AgentProcess[] =>
      this.started.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    const deadline = performance.now() + GRACE_MS;
    while (left().length > 0 && performance.now() < deadline) await delay(20);
    const found = left();
    for (const agent of found) agent.kill('SIGKILL');
    if (found.length > 0) throw new Error(`${found.length} agents are left behind`);
  }
}

/** Options with which a launcher has all of its processes run by an agent. */
export function throughAgent(agents: AgentConnection): LauncherOptions {
  return { name: `t-${randomUUID().slice(0, 8)}`, agents: new Map([['localhost', agents]]) };
}

/** The fleets of this test file have their processes run by an agent over SSH. */
export function useAgents(): void {
  beforeAll(async () => {
    machine = await SshMachine.start();
    return () => machine!.stop();
  });
}

/** What the fleets of this test file have in common. */
export function transportOptions(): LauncherOptions {
  return machine === undefined ? {} : throughAgent(machine.connection());
}

/** A line of the log that a test which knows nothing of agents does not expect. */
export function isAboutTransport(text: string): boolean {
  return machine !== undefined && text === 'Connected to host';
}
