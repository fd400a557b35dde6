import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentConnection } from '@distributed-architecture/core';
import { sshConnections } from '@distributed-architecture/core/ssh';
import { onTestFinished } from 'vitest';
import { endMarkedProcesses, markedProcesses, type FoundProcess } from '../setup/marked-processes.js';
import { repository } from '../setup/temporary-folder.js';
import { makeKey, startSshd, type Sshd } from './sshd.js';

const MARK = 'DISTRIBUTED_ARCHITECTURE_TEST_SSH';

/** Any script that is a slave of core: with `run-agent` it is the way to its agent. */
const ENTRY = join(import.meta.dirname, '../core/fixtures/sleeps.mjs');

/** What a session has of the test's environment. */
const PASSED = ['PATH', 'TMPDIR', 'XDG_RUNTIME_DIR', 'XDG_CACHE_HOME', 'DISTRIBUTED_ARCHITECTURE_TEST_RUN'];

type Target = Parameters<ReturnType<typeof sshConnections>>[0];

/** This machine, reached over SSH by a server of our own: real relays and agents, for all tests of a file. */
export class SshMachine {
  readonly #mark = `${MARK}=${randomUUID()}`;
  readonly #folder: string;
  #sshd!: Sshd;
  #target!: Target;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** To be called in a `beforeAll`, which returns what ends it. */
  static async start(): Promise<SshMachine> {
    const folder = await mkdtemp(join(tmpdir(), 'da-test-'));
    const machine = new SshMachine(folder);
    const key = await makeKey(folder, 'id_test');
    const config = [`SetEnv ${machine.#environment().join(' ')}`];
    machine.#sshd = await startSshd({ folder: join(folder, 'sshd'), authorizedKeys: [key.publicKey], config });
    const knownHosts = join(folder, 'known_hosts');
    await writeFile(knownHosts, machine.#sshd.hostKeyLines());
    machine.#target = {
      key: 'localhost',
      name: 'localhost',
      host: machine.#sshd.address,
      port: machine.#sshd.port,
      path: repository,
      binPath: process.execPath,
      console: ENTRY,
      ssh: { privateKey: key.file, knownHosts, connectTimeout: 60 },
    };
    return machine;
  }

  async stop(): Promise<void> {
    await this.#sshd.stop();
    await rm(this.#folder, { recursive: true });
  }

  /** How this test reaches it. When the test ends its agents must have ended; they are killed, and the test fails otherwise. */
  connection(ssh: Target['ssh'] = {}): AgentConnection {
    onTestFinished(() => this.#leaveNone());
    const target = { ...this.#target, ssh: { ...this.#target.ssh, ...ssh } };
    return sshConnections({ log: () => {} })(target);
  }

  get sshd(): Sshd {
    return this.#sshd;
  }

  /** Relays, agents, and all that these run. */
  get processes(): FoundProcess[] {
    return markedProcesses(this.#mark);
  }

  /** Process ids of the agents that run. */
  get agents(): number[] {
    return this.#running('/agent-main.js ');
  }

  /** Process ids of the relays, and of the shells that become one. */
  get relays(): number[] {
    return this.#running(' run-agent');
  }

  #running(text: string): number[] {
    return this.processes.filter(({ command }) => command.includes(text)).map(({ pid }) => pid);
  }

  #environment(): string[] {
    const own = PASSED.flatMap((name) => (process.env[name] === undefined ? [] : [`${name}="${process.env[name]}"`]));
    return [this.#mark, 'NODE_DISABLE_COMPILE_CACHE=1', ...own];
  }

  async #leaveNone(): Promise<void> {
    const left = await endMarkedProcesses(this.#mark);
    if (left.length > 0) throw new Error(`Left behind:\n${left.map(({ command }) => command).join('\n')}`);
  }
}
