import type { ControlClient, ProcessState } from '@distributed-architecture/core';
import { setTimeout as delay } from 'node:timers/promises';
import { procFile, residentMb } from '../../support/processes.js';
import { signal, waitFor } from '../machine.js';
import { FleetWorld } from './fleet-world.js';

const LIMIT_MS = 300_000;
const LOOK_MS = 50;

/** Whoever asks meanwhile waits as long as the master's loop is busy. */
const LONGEST = 'longest answer';

export interface ManyVerdict {
  readonly flaws: string[];
  /** Seconds and MB by what they are of. */
  readonly figures: Readonly<Record<string, number>>;
}

/** Suspends and resumes a fleet of so many programs, and asks it for its status meanwhile. */
export class ManyRound {
  readonly #world = new FleetWorld();
  readonly #flaws: string[] = [];
  readonly #figures: Record<string, number> = {};

  constructor(private readonly count: number) {}

  async run(): Promise<ManyVerdict> {
    const world = this.#world;
    try {
      await this.#operate();
    } catch (error) {
      this.#flaws.push(`the round itself: ${(error as Error).stack}`);
    } finally {
      for (const { pid, command } of world.processes) if (command.includes('master.mjs')) signal(pid, 'SIGTERM');
      this.#flaws.push(...(await world.remove({ withinMs: 30_000 })));
    }
    return { flaws: this.#flaws, figures: this.#figures };
  }

  async #operate(): Promise<void> {
    const { count } = this;
    const half = Math.floor(count / 2);
    this.#world.configure([this.#world.sleepers('Many', half), this.#world.sleepers('More', count - half)]);
    const master = await this.#timed('start', () => this.#world.start({ timeout: 300 }));
    const client = await master.client(LIMIT_MS / 1000);
    await this.#timed('run', () => this.#are(client, 'running'));
    await this.#thereAre(count);
    const { groups } = await this.#timed('status', () => client.status());
    this.#is(
      'in the status',
      groups.reduce((sum, { states }) => sum + (states.running ?? 0), 0),
      count,
    );
    await this.#timed('metrics', () => client.metrics());
    await this.#timed('suspend', () => Promise.all([client.suspend(), this.#are(client, 'suspended')]));
    await this.#thereAre(0);
    await this.#timed('resume', () => Promise.all([client.resume(), this.#are(client, 'running')]));
    await this.#thereAre(count);
    await this.#timed('restart of a half by force', () => client.restart('Many', { force: true }));
    await this.#are(client, 'running');
    await this.#thereAre(count);
    this.#figures['rss of the master'] = residentMb(master.pid);
    this.#is('exit code', await this.#timed('stop', () => master.stop()), 0);
  }

  /** Waits, asking for the status all the time. */
  async #are(client: ControlClient, state: ProcessState): Promise<void> {
    for (const deadline = performance.now() + LIMIT_MS; ; await delay(LOOK_MS)) {
      const began = performance.now();
      const { groups } = await client.status();
      const took = (performance.now() - began) / 1000;
      this.#figures[LONGEST] = Math.max(took, this.#figures[LONGEST] ?? 0);
      const found = groups.reduce((sum, { states }) => sum + (states[state] ?? 0), 0);
      if (found === this.count) return;
      if (performance.now() > deadline) throw new Error(`Only ${found} are ${state}`);
    }
  }

  /** What was started may not be the program itself yet. */
  async #thereAre(count: number): Promise<void> {
    await waitFor(() => this.#sleepers() === count, 10_000);
    this.#is('processes', this.#sleepers(), count);
  }

  #sleepers(): number {
    return this.#world.processes.filter(({ pid }) => procFile(pid, 'cmdline').startsWith('sleep\0')).length;
  }

  #is<T>(what: string, found: T, wanted: T): void {
    if (found !== wanted) this.#flaws.push(`${what}: ${String(found)} instead of ${String(wanted)}`);
  }

  async #timed<T>(what: string, action: () => Promise<T>): Promise<T> {
    const began = performance.now();
    const result = await action();
    this.#figures[what] = (performance.now() - began) / 1000;
    return result;
  }
}
