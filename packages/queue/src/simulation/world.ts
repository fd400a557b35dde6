import { createHash } from 'node:crypto';
import { LOG_LEVELS, type Logger } from '@distributed-architecture/core';
import { Dice } from './dice.js';
import { Judge } from './judge/judge.js';
import { Network } from './network.js';
import { recordLate, sabotageWire } from './sabotage.js';
import type { Schedule } from './schedule.js';
import { SimStore } from './sim-store.js';
import { Truth } from './truth.js';
import { watchWire } from './wire-watch.js';

const LOST_SHARE = 0.01;

/** What is simulated, and the judge who watches it. */
export class World extends Truth {
  readonly judge: Judge;
  readonly store: SimStore;
  readonly network: Network;
  /** Of the queue group; undefined: it has none. */
  readonly key: Buffer | undefined;
  readonly #dice: Dice;

  constructor(schedule: Schedule, tracing: boolean) {
    super(schedule, tracing);
    this.#dice = new Dice(schedule.seed, 31);
    if (schedule.keyed) this.key = createHash('sha256').update(String(schedule.seed)).digest();
    this.judge = new Judge(this);
    this.store = new SimStore(this);
    this.network = new Network(this, (connection) => {
      watchWire(this, this.judge, connection);
      sabotageWire(connection, schedule.sabotage, this.#dice);
      if (schedule.sabotage === 'last-outcome-wins') recordLate(connection, this.judge);
    });
  }

  /** Whether a timer is lost now. */
  readonly losesTimer = (): boolean => this.schedule.sabotage === 'wake-ups-lost' && this.#dice.chance(LOST_SHARE);

  /** A logger whose lines are part of the trace. */
  loggerOf(name: string): Logger {
    const say = (level: string) => (message: unknown) =>
      this.note(() => `${name} ${level}: ${message instanceof Error ? (message.stack ?? '') : String(message)}`);
    return Object.fromEntries(LOG_LEVELS.map((level) => [level, say(level)])) as Logger;
  }
}
