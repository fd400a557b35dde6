import { setTimeout as delay } from 'node:timers/promises';
import type { ControlClient, ProcessStatus } from '@distributed-architecture/core';
import { signal } from '../machine.js';
import { Dice } from '../random.js';
import { FleetWorld } from './fleet-world.js';
import { drawGroups, letOperate } from './operators.js';
import type { MasterProgram } from './master-program.js';

export interface OperationsOptions {
  readonly seed: number;
  readonly seconds: number;
  /** Whether processes of queue groups are killed as well, so that what they had begun is lost. */
  readonly kills: boolean;
}

const LIMIT_MS = 60_000;
const LOOK_MS = 50;
const QUEUES = ['Queue', 'Demand'];

/** States in which a process may be when nobody wants anything any more. */
const SETTLED = new Set(['running', 'stopped', 'created']);

/** Operators change a fleet under load, one that has everything, in any order. */
export class OperationsRound {
  readonly #notes: string[] = [];
  readonly #flaws: string[] = [];
  #commands = 0;

  constructor(private readonly options: OperationsOptions) {}

  /** How many commands were given. */
  get commands(): number {
    return this.#commands;
  }

  /** What went wrong, and what had been done; nothing when all was well. */
  async run(): Promise<string[]> {
    const world = new FleetWorld();
    let master: MasterProgram | undefined;
    try {
      master = await this.#begin(world);
      await this.#operate(world, master);
    } catch (error) {
      this.#flaws.push(`the round itself: ${(error as Error).stack}`);
    } finally {
      for (const { pid, command } of world.processes) if (command.includes('master.mjs')) signal(pid, 'SIGTERM');
      this.#flaws.push(...world.meetings, ...(await world.remove()));
    }
    const output = master?.output ?? '';
    if (/Error:|UnhandledPromise|node:internal/u.test(output)) this.#flaws.push('the master threw');
    return this.#flaws.length === 0 ? [] : [...this.#flaws, ...this.#notes, output.slice(-20_000)];
  }

  async #begin(world: FleetWorld): Promise<MasterProgram> {
    world.configure(drawGroups(world, new Dice(this.options.seed)));
    return world.start({ name: 'operations', timeout: 60 });
  }

  async #operate(world: FleetWorld, master: MasterProgram): Promise<void> {
    const { seed, seconds, kills } = this.options;
    const client = await master.client();
    const note = (text: string): void => {
      this.#notes.push(`${new Date().toISOString()} ${text}`);
      this.#commands++;
    };
    this.#flaws.push(...(await letOperate(world, client, { seconds, dice: new Dice(seed), kills, note })));
    await client.resume();
    await this.#calms(client);
    for (const queue of QUEUES) await this.#endsWell(world, client, queue);
    const code = await Promise.race([master.stop(), delay(LIMIT_MS, 'hangs' as const, { ref: false })]);
    if (code !== 0) this.#flaws.push(`the master ended with ${code}`);
  }

  /** What is wanted runs, each group as many as it says. */
  async #calms(client: ControlClient): Promise<void> {
    const restless = await this.#until(client, (each) => !SETTLED.has(each.state));
    this.#flaws.push(...restless.map(({ display, state }) => `in the end ${display} is ${state}`));
    const processes = await client.processes();
    for (const { display, groupCount, group, role } of processes) {
      const count = processes.filter((each) => each.group === group).length;
      if (role === undefined && count !== groupCount) this.#flaws.push(`${display} is one of ${count}`);
    }
    const { change } = await client.status();
    if (change !== undefined) this.#flaws.push(`in the end there still is a ${change}`);
  }

  async #endsWell(world: FleetWorld, client: ControlClient, queue: string): Promise<void> {
    const items = world.items(queue);
    items.enough();
    const left = await this.#until(client, (each) => each.group === queue && each.state === 'running');
    this.#flaws.push(...left.map(({ display }) => `${display} does not come to its end`));
    this.#flaws.push(...items.flaws({ killed: this.options.kills }).map((flaw) => `${queue} ${flaw}`));
    if (items.answered.length === 0) this.#flaws.push(`${queue} has done nothing`);
  }

  /** @returns of which it holds in the end */
  async #until(client: ControlClient, holds: (each: ProcessStatus) => boolean): Promise<ProcessStatus[]> {
    for (const deadline = performance.now() + LIMIT_MS; ; await delay(LOOK_MS)) {
      const found = (await client.processes()).filter(holds);
      if (found.length === 0 || performance.now() > deadline) return found;
    }
  }
}
