import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { QueueGroupOptions } from '@distributed-architecture/core';
import { FEEDER_ID, readTold, type Told } from './records.js';

/** The sources of this folder: its programs are not compiled. */
const PROGRAMS = join(import.meta.dirname.replace('/test/dist/', '/test/'), 'programs');

const NO_LIMIT = 1_000_000;
const FLEET_TIMEOUT_S = 30;

export interface FleetOptions {
  readonly folder: string;
  /** Which master of the round it is. */
  readonly number: number;
  readonly env: NodeJS.ProcessEnv;
  readonly seed: number;
  readonly items: number;
  readonly consumers: number;
  readonly concurrency: number;
  readonly itemTimeout: number;
  /** Each so many-th item never ends by itself; 0: none. */
  readonly hangEvery: number;
  /** A mechanism to switch off. */
  readonly sabotage?: string;
}

/** One master with a queue group, from its start to its end. */
export class FeedFleet {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #told: string;
  output = '';
  ended = false;
  readonly end: Promise<number | null>;

  constructor(options: FleetOptions) {
    this.#told = join(options.folder, `told-${options.number}`);
    const plan = {
      group: groupOf(options),
      options: { name: 'feed-faults', timeout: FLEET_TIMEOUT_S, maxProcessTimeout: 0 },
      told: this.#told,
    };
    this.#child = spawn(process.execPath, [join(PROGRAMS, 'master.mjs'), JSON.stringify(plan)], {
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.end = once(this.#child, 'exit').then(([code]) => {
      this.ended = true;
      return code as number | null;
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Incarnations that run, as the master tells. */
  get consumers(): Told[] {
    return this.#running().filter(({ name }) => idOf(name) !== FEEDER_ID);
  }

  get feeder(): Told | undefined {
    return this.#running().find(({ name }) => idOf(name) === FEEDER_ID);
  }

  #running(): Told[] {
    return existsSync(this.#told) ? readTold(this.#told).filter(({ exitUs }) => exitUs === Infinity) : [];
  }
}

function idOf(name: string): string {
  return name.split('.')[1] ?? '';
}

function groupOf({ folder, number, seed, items, sabotage, ...settings }: FleetOptions): QueueGroupOptions {
  const { consumers, concurrency, itemTimeout, hangEvery } = settings;
  const plan = { seed, items, hangEvery, sabotage };
  return {
    name: 'Feed',
    command: 'work',
    console: join(PROGRAMS, 'member.mjs'),
    params: { ...plan, folder, master: number, proxy: join(folder, 'proxy') },
    env: { NODE_DISABLE_COMPILE_CACHE: '1' },
    concurrency,
    itemTimeout,
    abortGrace: 0.5,
    pollInterval: 0.1,
    timeout: 2,
    stopTimeout: 10,
    restart: 'on-failure',
    restartDelay: 0.05,
    maxRestarts: NO_LIMIT,
    // Delays begin anew after so long: it is not waiting that is tested here.
    restartWindow: 1,
    consumers: { local: { instancesCount: consumers } },
  };
}
