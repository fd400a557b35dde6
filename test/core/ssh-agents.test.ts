import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type {
  AgentConnection,
  GroupOptions,
  LauncherOptions,
  LogLevel,
  LogOrigin,
  LogSink,
} from '@distributed-architecture/core';
import { Fleet, fixture, program, slave } from '../support/fleet.js';
import { childrenOf, eventually, procFile, residentMb } from '../support/processes.js';
import { temporaryFolder } from '../setup/temporary-folder.js';
import { helloOf } from '../support/relays.js';
import { SshMachine } from '../support/ssh-agents.js';

const MB = 1_048_576;

/** Two hundred were tried: nothing grew. */
const ROUNDS = 12;

/** One that no file of the system knows. */
const NOBODY = 54_321;

let machine: SshMachine;
beforeAll(async () => {
  machine = await SshMachine.start();
  return () => machine.stop();
});

function start(groups: readonly GroupOptions[], options: LauncherOptions = {}): Fleet {
  return new Fleet(groups, { ...through(machine.connection()), ...options });
}

function through(connection: AgentConnection): LauncherOptions {
  return { name: `ssh-${randomUUID()}`, agents: new Map([['localhost', connection]]) };
}

/** Takes half a megabyte, and then a rest. */
class SlowLog implements LogSink {
  numbers = 0;
  isInOrder = true;
  onTurn = (): void => {};
  #bytes = 0;
  #full: Promise<void> | undefined;

  write(): void {}

  writeLines(_origin: LogOrigin, _level: LogLevel, lines: string): void {
    for (const line of lines.slice(0, -1).split('\n')) {
      this.isInOrder &&= Number.parseInt(line, 10) === this.numbers;
      this.numbers++;
    }
    this.#bytes += lines.length;
    if (this.#bytes > MB / 2) this.#full ??= this.#rest();
  }

  full(): Promise<void> | undefined {
    return this.#full;
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  async #rest(): Promise<void> {
    this.onTurn();
    await delay(20);
    this.#bytes = 0;
    this.#full = undefined;
  }
}

/** Sends hello and waits for the agent's. */
async function greet(link: Awaited<ReturnType<AgentConnection['connect']>>, fleet: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  link.listen({
    message: (message) => resolve((message as { agent: string }).agent),
    drained: () => {},
    closed: (reason) => reject(new Error(reason)),
  });
  const versions = { protocol: { major: 1, minor: 0 }, version: '0.1.0', capabilities: [] };
  link.send({ type: 'hello', fleet, epoch: 1, leaseMs: 30_000, ...versions });
  return promise;
}

/** What this process holds open. */
function held(): number {
  return process.getActiveResourcesInfo().length + readdirSync('/proc/self/fd').length;
}

describe('one channel', () => {
  it('carries 200 programs: all start, speak and stop', async () => {
    const fleet = start([program(`sh -c 'echo up; exec sleep 600'`, { local: { instancesCount: 200 } })]);
    await fleet.says('up', 200);
    expect(machine.agents).toHaveLength(1);
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
    expect(fleet.events.filter((name) => name.startsWith('process_stopped'))).toHaveLength(200);
  });

  it('carries 50 MB to a slow log, of which nothing is lost, and nobody grows', async () => {
    const logger = new SlowLog();
    const group = slave('counts.mjs', { params: { lines: 50_000, padding: 1000 } });
    const before = residentMb(process.pid);
    const fleet = start([group], { logger });
    let agentMb = 0;
    logger.onTurn = () => {
      for (const pid of machine.agents) agentMb = Math.max(agentMb, residentMb(pid));
    };
    expect(await fleet.end).toEqual({ exitCode: 0 });
    expect(logger.numbers).toBe(50_000);
    expect(logger.isInOrder).toBe(true);
    expect(agentMb).toBeLessThan(200);
    expect(residentMb(process.pid) - before).toBeLessThan(100);
  });
});

describe('a connection that is killed', () => {
  it('again and again leaves nothing behind: neither here nor there', async () => {
    const connection = machine.connection();
    const fleet = `ssh-${randomUUID()}`;
    const first = await connection.connect();
    const agent = await greet(first, fleet);
    let before = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const link = await connection.connect();
      expect(await greet(link, fleet)).toBe(agent);
      const sessions = childrenOf(machine.sshd.process.pid!);
      process.kill(sessions.at(-1)!, 'SIGKILL');
      await eventually('the session is gone', () => childrenOf(machine.sshd.process.pid!).length < sessions.length);
      if (round === 2) before = held();
    }
    // The first link was closed by the agent when the second came.
    await eventually('nothing is left here', () => held() <= before);
    await eventually('no relay is left there', () => machine.relays.length === 0);
    const last = await connection.connect();
    await greet(last, fleet);
    last.send({ type: 'bye' });
    await eventually('the agent has ended', () => machine.agents.length === 0);
    last.close();
    first.close();
  });
});

it('a stop at any moment of connecting and starting leaves nothing', async () => {
  const moments = Array.from({ length: 8 }, (_, index) => index * 80);
  const ends = moments.map(async (moment) => {
    const fleet = start([slave('sleeps.mjs')]);
    await delay(moment);
    await fleet.launcher.stop();
    return fleet.end;
  });
  for (const end of await Promise.all(ends)) expect(end).toEqual({ exitCode: 0 });
  await eventually('all agents have ended', () => machine.agents.length === 0);
});

describe('secrets', () => {
  it('are in no command line and no environment, and what was made is closed to others', async () => {
    const secret = `secret-${randomUUID()}`;
    const fleet = start([slave('sleeps.mjs', { params: { password: secret } })]);
    await fleet.says('sleeping');
    const all = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
    const tell = all.filter((pid) => ['cmdline', 'environ'].some((file) => procFile(pid, file).includes(secret)));
    expect(tell).toEqual([]);
    const folder = process.env.XDG_RUNTIME_DIR!;
    const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path));
    const open = paths.filter((path) => (lstatSync(path).mode & 0o077) !== 0);
    expect(paths.length).toBeGreaterThan(3);
    expect(open).toEqual([]);
    await fleet.launcher.stop();
    await fleet.end;
  });
});

describe('a user whom the system does not know', () => {
  it('and who has no home has an agent all the same', async () => {
    const folder = await temporaryFolder();
    chownSync(folder, NOBODY, NOBODY);
    const relay = spawn(process.execPath, [fixture('sleeps.mjs'), 'run-agent'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { TMPDIR: folder },
      uid: NOBODY,
      gid: NOBODY,
    });
    const ended = once(relay, 'exit');
    relay.stdin.write(helloOf('nobody'));
    let said = '';
    for await (const chunk of relay.stdout.setEncoding('utf8')) {
      said += String(chunk);
      if (said.includes('"type":"lease"') && relay.stdin.writable) relay.stdin.end('{"type":"bye"}\n');
    }
    expect(said).toContain('"type":"hello"');
    expect((await ended)[0]).toBe(0);
  });
});
