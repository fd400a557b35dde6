import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { marked, signal, waitFor } from '../machine.js';
import { Dice } from '../random.js';
import { CuttingProxy } from './cutting.js';
import { effectiveHits } from './effects.js';
import { commit, type FaultName, type Hit } from './faults.js';
import { FeedFleet } from './fleet.js';
import { judge } from './judge.js';
import { readRecords } from './records.js';

export interface FeedRoundOptions {
  readonly seed: number;
  readonly items: number;
  /** Default: drawn from the seed. */
  readonly faults?: readonly FaultName[];
  /** How many faults at most; then it works undisturbed. Default: 10, and one for each 5,000 items. */
  readonly mostFaults?: number;
  /** Seconds after which it is given up. Default: 60, and 3 for each 1,000 items. */
  readonly limit?: number;
  /** A mechanism to switch off, so that the judge has to find it. */
  readonly sabotage?: string;
}

export interface FeedReport {
  /** Nothing when all was well. */
  readonly flaws: readonly string[];
  /** How often each fault has hit work in flight. */
  readonly effective: ReadonlyMap<FaultName, number>;
  readonly seconds: number;
}

const GONE_LIMIT_MS = 15_000;
const FAULTS_AT_LEAST = 10;
const ITEMS_FOR_A_FAULT = 5000;
const BASE_LIMIT_S = 60;
const ITEMS_A_SECOND = 333;

/** Lossy cuts have rounds of their own: who dies while its connection is cut takes with it what it had announced. */
const KINDS: readonly (readonly FaultName[])[] = [
  ['kill-consumer', 'kill-consumer', 'kill-consumer', 'cut', 'kill-feeder'],
  ['kill-consumer', 'freeze-consumer', 'cut', 'freeze-feeder'],
  ['lose', 'lose', 'lose', 'lose', 'freeze-feeder'],
  ['kill-feeder', 'cut', 'kill-feeder', 'kill-consumer'],
  ['stop', 'kill-consumer', 'cut', 'kill-master'],
];

/** One list of items, worked off by one master after the other while faults happen; then the ledgers are compared. */
export class FeedRound {
  readonly #folder = mkdtempSync(join(tmpdir(), 'da-feed-'));
  readonly #mark = `DISTRIBUTED_ARCHITECTURE_FAULTS=${randomUUID()}`;
  readonly #dice: Dice;
  readonly #faults: readonly FaultName[];
  readonly #settings: { consumers: number; concurrency: number; itemTimeout: number; hangEvery: number };
  readonly #hits: Hit[] = [];
  readonly #flaws: string[] = [];
  readonly #fleets: FeedFleet[] = [];

  constructor(private readonly options: FeedRoundOptions) {
    this.#dice = new Dice(options.seed);
    this.#faults = options.faults ?? KINDS[options.seed % KINDS.length]!;
    const hangs = options.faults === undefined && this.#dice.chance(0.3) && !this.#faults.includes('lose');
    this.#settings = {
      consumers: 2 + this.#dice.below(3),
      concurrency: this.#dice.pick([1, 4, 8, 16]),
      itemTimeout: hangs || this.#faults.includes('freeze-consumer') ? 1.5 : 0,
      hangEvery: hangs ? Math.ceil(options.items / 4) : 0,
    };
    mkdirSync(join(this.#folder, 'run'), { mode: 0o700 });
  }

  async run(): Promise<FeedReport> {
    const begun = performance.now();
    let effective: ReadonlyMap<FaultName, number> = new Map();
    const proxy = await CuttingProxy.listen(join(this.#folder, 'proxy'), join(this.#folder, 'feed'));
    try {
      await this.#workOff(proxy);
      const records = readRecords(this.#folder);
      const { itemTimeout } = this.#settings;
      this.#flaws.push(...judge(records, { items: this.options.items, itemTimeout }));
      effective = effectiveHits(this.#hits, records);
    } catch (error) {
      this.#flaws.push(`the round itself: ${(error as Error).stack}`);
    } finally {
      await this.#removeAll(proxy);
    }
    const seconds = (performance.now() - begun) / 1000;
    return { flaws: this.#flaws.length === 0 ? [] : [...this.#flaws, ...this.#outputs()], effective, seconds };
  }

  /** Until a master ends by itself, for its source has ended; what follows a stop or a death is the next master. */
  async #workOff(proxy: CuttingProxy): Promise<void> {
    const { items, limit = BASE_LIMIT_S + items / ITEMS_A_SECOND } = this.options;
    const deadline = performance.now() + limit * 1000;
    for (let over = false; !over;) {
      const fleet = this.#start();
      const last = await this.#disturb(fleet, proxy, deadline);
      const code = await fleet.end;
      if (performance.now() > deadline) return void this.#flaws.push('not worked off in time');
      over = last !== 'stop' && last !== 'kill-master';
      if (code !== 0 && last !== 'kill-master') this.#flaws.push(`master ${fleet.pid}: exit code ${code}`);
    }
  }

  #start(): FeedFleet {
    const [name = '', value = ''] = this.#mark.split('=');
    const env = { ...process.env, XDG_RUNTIME_DIR: join(this.#folder, 'run'), [name]: value };
    const { seed, items, sabotage } = this.options;
    const number = this.#fleets.length + 1;
    const fleet = new FeedFleet({ folder: this.#folder, number, env, seed, items, sabotage, ...this.#settings });
    this.#fleets.push(fleet);
    return fleet;
  }

  /** @returns the fault that has ended it */
  async #disturb(fleet: FeedFleet, proxy: CuttingProxy, deadline: number): Promise<FaultName | undefined> {
    const scene = { fleet, proxy, dice: this.#dice };
    const { items, mostFaults = FAULTS_AT_LEAST + items / ITEMS_FOR_A_FAULT } = this.options;
    while (!fleet.ended) {
      await Promise.race([fleet.end, delay(100 + this.#dice.pause())]);
      if (performance.now() > deadline) signal(fleet.pid, 'SIGKILL');
      // Before work flows there is nothing to hit.
      if (fleet.ended || !proxy.wasUsed || this.#hits.length >= mostFaults) continue;
      const hit = await commit(this.#dice.pick(this.#faults), scene);
      if (hit === undefined) continue;
      this.#hits.push(hit);
      if (hit.fault === 'stop' || hit.fault === 'kill-master') return hit.fault;
    }
    return undefined;
  }

  async #removeAll(proxy: CuttingProxy): Promise<void> {
    await waitFor(() => marked(this.#mark).length === 0, GONE_LIMIT_MS);
    for (const { pid, command } of marked(this.#mark)) {
      this.#flaws.push(`left: ${pid} ${command.slice(0, 200).replaceAll('\0', ' ')}`);
      signal(pid, 'SIGKILL');
    }
    await proxy.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #outputs(): string[] {
    const settings = JSON.stringify({ ...this.#settings, faults: this.#faults, hits: this.#hits.length });
    return [settings, ...this.#fleets.filter(({ output }) => output !== '').map(({ output }) => output.slice(-4000))];
  }
}
