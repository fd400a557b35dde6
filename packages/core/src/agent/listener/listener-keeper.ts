/*
 * Keeps a listener beside an agent: starts another when it has died, and ends it with the run.
 *
 *   | state   | event                 | next    | what is done                                                          |
 *   | ------- | --------------------- | ------- | --------------------------------------------------------------------- |
 *   | kept    | it has died           | waiting | logged; the delay doubles from 1 s to 60 s, anew after a life of 60 s |
 *   | waiting | due                   | kept    | start                                                                 |
 *   | any     | hold                  | same, held | the watchdog may kill it now: none is started                      |
 *   | waiting, held | release         | kept    | start                                                                 |
 *   | kept    | end                   | ending  | its channel ends when it was told all; SIGTERM after 3 s, SIGKILL after 5 s |
 *   | waiting | end                   | ended   |                                                                       |
 *   | ending  | it has died, due (6 s) | ended  |                                                                       |
 */
import type { Clock } from '../../clock/clock.js';
import type { LogLevel } from '../../logger/logger.js';
import { EventQueue } from './event-queue.js';
import type { ListenerMessage } from './listener-message.js';

const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 60_000;
const PROVEN_AFTER_MS = 60_000;

/** After the end was asked for. A program that does not know what it is takes notice of the signal alone. */
const TERMINATE_MS = 3000;
const KILL_MS = 5000;
/** A kill that the system does not carry out holds up nobody. */
const GIVE_UP_MS = 6000;

/** One life of a listener. */
export interface ListenerProgram {
  /** @returns false when it takes no more for now; `drained` follows */
  send(message: ListenerMessage): boolean;
  /** Ends its channel, when all that was sent has gone. */
  closeChannel(): void;
  terminate(): void;
  kill(): void;
}

/** What becomes of it, never before its start has returned. */
export interface ListenerProgramEvents {
  ready(): void;
  drained(): void;
  /** Called once. @param how `was ended by SIGKILL` */
  ended(how: string): void;
}

/**
 * @param life its number, from 1
 * @throws Error when it cannot be started
 */
export type StartListener = (life: number, events: ListenerProgramEvents) => ListenerProgram;

export interface ListenerKeeperOptions {
  readonly start: StartListener;
  readonly clock: Clock;
  /** All that there is now. */
  readonly introduce: () => ListenerMessage;
  readonly log: (level: LogLevel, message: string) => void;
}

export class ListenerKeeper {
  readonly #options: ListenerKeeperOptions;
  #program: ListenerProgram | undefined;
  #queue: EventQueue | undefined;
  #lives = 0;
  #failures = 0;
  #startedAt = 0;
  #held = false;
  #ending: PromiseWithResolvers<void> | undefined;
  #cancels: (() => void)[] = [];

  constructor(options: ListenerKeeperOptions) {
    this.#options = options;
    this.#start();
  }

  /** What is said between two lives is lost. */
  send(message: ListenerMessage): void {
    this.#queue?.add(message);
  }

  hold(): void {
    this.#held = true;
    if (this.#ending === undefined) this.#cancelTimers();
  }

  release(): void {
    this.#held = false;
    if (this.#program === undefined && this.#ending === undefined) this.#start();
  }

  /** Resolves when it is gone. */
  end(): Promise<void> {
    if (this.#ending !== undefined) return this.#ending.promise;
    this.#ending = Promise.withResolvers();
    this.#cancelTimers();
    this.#queue?.close();
    if (this.#program === undefined) this.#ending.resolve();
    else this.#boundEnd(this.#program, this.#ending);
    return this.#ending.promise;
  }

  #boundEnd(program: ListenerProgram, { resolve }: PromiseWithResolvers<void>): void {
    this.#after(TERMINATE_MS, () => program.terminate());
    this.#after(KILL_MS, () => program.kill());
    this.#after(GIVE_UP_MS, resolve);
  }

  #start(): void {
    this.#cancelTimers();
    this.#startedAt = this.#options.clock.monotonicMs();
    const queue = this.#createQueue();
    try {
      this.#program = this.#options.start(++this.#lives, {
        ready: () => queue.open(),
        drained: () => queue.drained(),
        ended: (how) => this.#onEnded(how),
      });
      this.#queue = queue;
    } catch (error) {
      this.#onEnded(`cannot be started: ${(error as Error).message}`);
    }
  }

  #createQueue(): EventQueue {
    const { introduce, log } = this.#options;
    return new EventQueue({
      send: (message) => this.#program!.send(message),
      introduce,
      closed: () => this.#program?.closeChannel(),
      log,
    });
  }

  #onEnded(how: string): void {
    this.#program = undefined;
    this.#queue = undefined;
    this.#cancelTimers();
    if (this.#ending !== undefined) return this.#ending.resolve();
    if (this.#held) return;
    const delayMs = this.#nextDelay();
    this.#options.log('warn', `The listener ${how}, starting another in ${delayMs / 1000} s`);
    this.#after(delayMs, () => this.#start());
  }

  #nextDelay(): number {
    const livedMs = this.#options.clock.monotonicMs() - this.#startedAt;
    if (livedMs >= PROVEN_AFTER_MS) this.#failures = 0;
    return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(this.#failures++, 10));
  }

  #after(delayMs: number, action: () => void): void {
    this.#cancels.push(this.#options.clock.setTimer(delayMs, action));
  }

  #cancelTimers(): void {
    for (const cancel of this.#cancels.splice(0)) cancel();
  }
}
