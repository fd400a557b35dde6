import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { GroupOptions } from '@distributed-architecture/core';
import { FAULTS } from './faults.js';
import { flawsOf, meetings } from './ledger.js';
import { Life } from './life.js';
import { marked, signal, waitFor } from './machine.js';
import { Dice } from './random.js';
import { zoo } from './zoo.js';

export interface RoundOptions {
  readonly seed: number;
  /** Masters that something happens to, one after the other. */
  readonly lives: number;
  readonly withCgroups: boolean;
}

const ALREADY_RUNNING = 75;
const START_LIMIT_MS = 20_000;
const STOP_LIMIT_MS = 15_000;
const GONE_LIMIT_MS = 5000;
const MOST_REFUSALS = 400;

/** Masters of one fleet, each hit by faults and followed at once by the next; the last one stops cleanly. */
export class Round {
  readonly #folder = mkdtempSync(join(tmpdir(), 'da-faults-'));
  readonly #mark = `DISTRIBUTED_ARCHITECTURE_FAULTS=${randomUUID()}`;
  readonly #dice: Dice;
  readonly #started: Life[] = [];
  readonly #notes: string[] = [];
  readonly #groups: readonly GroupOptions[];
  readonly flaws: string[] = [];

  constructor(private readonly options: RoundOptions) {
    this.#dice = new Dice(options.seed);
    this.#groups = zoo(join(this.#folder, 'ledgers'), options.withCgroups);
    mkdirSync(join(this.#folder, 'run'), { mode: 0o700 });
    mkdirSync(join(this.#folder, 'ledgers'));
  }

  /** What went wrong in it, and what had been done; nothing when all was well. */
  async run(): Promise<string[]> {
    try {
      for (let life = 0; life < this.options.lives; life++) await this.#disturb(await this.#next());
      await this.#finish(await this.#next());
      this.#lookAround();
    } catch (error) {
      this.flaws.push(`the round itself: ${(error as Error).stack}`);
    } finally {
      await this.#removeAll();
    }
    return this.flaws.length === 0 ? [] : [...this.flaws, ...this.#notes, ...this.#outputs()];
  }

  /** Again while the one before is still dying. */
  async #next(): Promise<Life> {
    for (let attempt = 0; attempt < MOST_REFUSALS; attempt++) {
      const life = this.#start();
      const begun = (): boolean =>
        life.ended || life.told.length > 0 || life.output.includes('ending what it has left');
      if (!this.#dice.chance(0.6)) return life;
      await waitFor(begun, 3000);
      if (!life.ended || (await life.end) !== ALREADY_RUNNING) return life;
    }
    throw new Error('The fleet stays locked');
  }

  #start(): Life {
    const [name = '', value = ''] = this.#mark.split('=');
    const env = { ...process.env, XDG_RUNTIME_DIR: join(this.#folder, 'run'), [name]: value };
    const { withCgroups } = this.options;
    const groups = this.#groups;
    const told = join(this.#folder, `told-${this.#started.length}`);
    const life = new Life({ groups, fleet: 'faults', told, env, withCgroups });
    this.#started.push(life);
    this.#note(`master ${life.pid}`);
    return life;
  }

  async #disturb(life: Life): Promise<void> {
    const faults = 1 + this.#dice.below(4);
    for (let count = 0; count < faults && !life.ended; count++) {
      await delay(this.#dice.pause());
      const scene = { life, mark: this.#mark, dice: this.#dice, note: (text: string) => this.#note(text) };
      await this.#dice.pick(FAULTS)(scene);
    }
    if (life.ended) return;
    signal(life.pid, 'SIGCONT');
    if (this.#dice.chance(0.3)) return this.#stop(life);
    signal(life.pid, 'SIGKILL');
    this.#note('kill master, at last');
    // Its successor has to cope with one that is not quite dead; but then it is refused.
    if (this.#dice.chance(0.5)) await life.end;
  }

  async #finish(life: Life): Promise<void> {
    let last = life;
    for (let attempt = 0; attempt < MOST_REFUSALS; attempt++) {
      await waitFor(() => last.ended || this.#isComplete(last), START_LIMIT_MS);
      if (!last.ended || (await last.end) !== ALREADY_RUNNING) break;
      last = this.#start();
    }
    if (last.ended) this.flaws.push(`the last master ended by itself: ${await last.end}`);
    else if (!this.#isComplete(last)) this.flaws.push('the last master did not start all');
    await this.#stop(last);
  }

  /** All of its processes have been started. */
  #isComplete({ told }: Life): boolean {
    const starts = told.filter((line) => line.startsWith('start '));
    return new Set(starts.map((line) => /\d+/.exec(line)?.[0])).size === this.#groups.length;
  }

  async #stop(life: Life): Promise<void> {
    this.#note(`stop master ${life.pid}`);
    // Before it listens to signals it dies of them.
    signal(life.pid, 'SIGTERM');
    const code = await Promise.race([life.end, delay(STOP_LIMIT_MS, 'hangs' as const)]);
    if (code === 'hangs') {
      this.flaws.push(`master ${life.pid} does not stop`);
      signal(life.pid, 'SIGKILL');
    } else if (code !== null && code !== 0 && code !== ALREADY_RUNNING)
      this.flaws.push(`master ${life.pid}: exit code ${code}`);
  }

  #lookAround(): void {
    this.flaws.push(...meetings(join(this.#folder, 'ledgers')));
    for (const life of this.#started) {
      const clean = life.told.includes('end');
      this.flaws.push(...flawsOf(life.told, clean).map((flaw) => `master ${life.pid}: ${flaw}`));
      if (/Error:|UnhandledPromise|node:internal/.test(life.output)) this.flaws.push(`master ${life.pid} threw`);
    }
  }

  async #removeAll(): Promise<void> {
    // A watchdog may still be at work for a moment; nothing else.
    await waitFor(() => marked(this.#mark).length === 0, GONE_LIMIT_MS);
    for (const { pid, command } of marked(this.#mark)) {
      this.flaws.push(`left: ${pid} ${command.slice(0, 200).replaceAll('\0', ' ')}`);
      signal(pid, 'SIGKILL');
    }
    const files = readdirSync(join(this.#folder, 'run'), { recursive: true }).map(String);
    const expected = /^distributed-architecture-\d+(\/faults(\/events(\.1)?\.jsonl|\/run-\d+(\/released)?)?)?$/;
    const extra = files.filter((file) => !expected.test(file));
    if (extra.length > 0) this.flaws.push(`files left: ${extra.join(' ')}`);
    this.flaws.push(...this.#cgroupsLeft().map((name) => `cgroup left: ${name}`));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #cgroupsLeft(): string[] {
    const pids = this.#started.map(({ pid }) => pid);
    const isOurs = (name: string): boolean => pids.some((pid) => name.startsWith(`distributed-architecture-${pid}-`));
    return ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'].flatMap((folder) => namesIn(folder).filter(isOurs));
  }

  #note(text: string): void {
    this.#notes.push(`${(performance.now() / 1000).toFixed(3)} ${text}`);
  }

  #outputs(): string[] {
    return this.#started.map(({ pid, output }) => `--- output of ${pid}\n${output.slice(-4000)}`);
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
