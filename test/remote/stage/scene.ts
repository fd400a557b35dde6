import { setTimeout as delay } from 'node:timers/promises';
import type { GroupOptions } from '@distributed-architecture/core';
import { eventually } from '../../support/processes.js';
import type { Host, HostProcess, Hosts } from '../../support/hosts.js';
import { Disk } from './disk.js';
import { lineFlaws, overlaps, readLives, type Life, type LineFlawsOptions } from './lives.js';
import { Master, type Plan } from './master.js';

/** Microseconds of the clock that all hosts share. */
export function nowUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

let scenes = 0;

/**
 * One scenario on hosts that nobody else uses meanwhile; its masters may share a host with others. When it ends, nothing of it
 * may be left on them.
 */
export function onHosts(hosts: Hosts, names: readonly string[], play: (scene: Scene) => Promise<void>) {
  return async (): Promise<void> => {
    const scene = new Scene(hosts, names);
    try {
      await play(scene);
      await scene.isEmpty();
    } catch (error) {
      if (error instanceof Error) error.message += `\n${scene.summary}`;
      throw error;
    } finally {
      await scene.close();
    }
  };
}

export class Scene {
  /** Of the fleet, and of all files. */
  readonly name = `fleet-${++scenes}-${Date.now().toString(36)}`;
  readonly #hosts: Hosts;
  readonly #own: readonly Host[];
  readonly #disks: Disk[];
  readonly #masters: Master[] = [];

  constructor(hosts: Hosts, names: readonly string[]) {
    this.#hosts = hosts;
    this.#own = names.map((name) => hosts.host(name));
    this.#disks = [hosts.master, ...this.#own].map((host) => new Disk(host));
  }

  host(name: string): Host {
    return this.#hosts.host(name);
  }

  /** Where its processes have their ledgers. */
  get folder(): string {
    return `/tmp/${this.name}`;
  }

  /** Processes that say numbered sentences. */
  beats(options: Partial<GroupOptions>): GroupOptions {
    const { params, ...rest } = options;
    return {
      name: 'Beats',
      command: 'beats',
      restart: 'on-failure',
      stopTimeout: 5,
      params: { folder: this.folder, ...params },
      ...rest,
    };
  }

  /** Starts a master of the scene's fleet. */
  master(groups: Plan['groups'], options: Plan['options'] = {}, host = this.#hosts.master): Master {
    const number = this.#masters.length + 1;
    const plan = { groups, options: { name: this.name, timeout: 30, ...options } };
    const master = new Master(host, `${this.name}-${number}`, plan);
    this.#masters.push(master);
    return master;
  }

  /** What its masters were told, for who has to find out why it failed. */
  get summary(): string {
    return this.#masters.map((master) => `A master on ${master.host.name}:\n${master.summary}`).join('\n');
  }

  /** What processes wrote so far. */
  lives(): Life[] {
    return readLives(this.#disks, this.name);
  }

  /** What is wrong at the end: in all of its lives, and in the logs of all masters together. */
  flaws(options?: LineFlawsOptions): string[] {
    const lives = this.lives();
    const told = this.#masters.flatMap((master) => master.told);
    return [...overlaps(lives), ...lineFlaws(lives, told, options)];
  }

  /**
   * Cuts the link of a host for so many seconds, in which its processes go on, unheard.
   *
   * @returns what they had written when it was restored
   */
  async isCutFor(name: string, seconds: number): Promise<Life[]> {
    const before = this.lives();
    await this.host(name).cut();
    await delay(seconds * 1000);
    const after = this.lives();
    const went = after.some((life) => life.host === name && life.said > saidIn(before, life) + 10);
    if (!went) throw new Error('The cut has hit nothing that was in flight');
    await this.host(name).restore();
    return after;
  }

  /** Each of these lives goes on: the master hears what it says after this. */
  async saysMore(master: Master, lives: readonly Life[]): Promise<void> {
    for (const { name, said } of lives) await master.tells('line', new RegExp(` said ${name} ${said + 10} `));
  }

  /** A host was switched on again: what it writes from now on is on another disk. */
  mounted(name: string): void {
    this.#disks.push(new Disk(this.host(name)));
  }

  get disks(): readonly Disk[] {
    return this.#disks;
  }

  /** Waits until nothing but sshd is on its hosts. */
  async isEmpty(): Promise<void> {
    for (const host of this.#own) {
      await eventually(`${host.name} is empty`, () => programsOf(host).length === 0).catch((error: unknown) => {
        throw new Error(`${String(error)}: ${commandsOf(programsOf(host))}`, { cause: error });
      });
    }
  }

  async close(): Promise<void> {
    for (const master of this.#masters) if (master.code === undefined) await master.signal('KILL').catch(() => {});
    for (const host of this.#own) {
      await host.restore().catch(() => {});
      await host.thaw().catch(() => {});
      killAll(programsOf(host));
    }
    for (const each of [...this.#disks, ...this.#masters]) each.close();
  }
}

/** All that runs on a host but for sshd, which keeps sessions of a master that is out of reach. */
export function programsOf(host: Host): HostProcess[] {
  return host.processes().filter(({ command, state }) => !/^(\/usr\/sbin\/)?sshd\b/.test(command) && state !== 'Z');
}

export function agentsOf(host: Host): HostProcess[] {
  return programsOf(host).filter(({ command }) => command.includes('/agent-main.js '));
}

export function relaysOf(host: Host): HostProcess[] {
  return programsOf(host).filter(({ command }) => command.includes('run-agent'));
}

export function killAll(processes: readonly HostProcess[]): void {
  for (const { pid } of processes) signal(pid, 'SIGKILL');
}

export function freezeAll(processes: readonly HostProcess[]): void {
  for (const { pid } of processes) signal(pid, 'SIGSTOP');
}

function commandsOf(processes: readonly HostProcess[]): string {
  return processes.map(({ pid, state, command }) => `${pid} ${state} ${command}`).join('\n');
}

function saidIn(lives: readonly Life[], { name }: Life): number {
  return lives.find((each) => each.name === name)?.said ?? 0;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it has ended meanwhile
  }
}
