/*
 * The lease of a slave whose launcher is an agent: the slave outlives no launcher that is frozen.
 *
 *   none --lease--> held --half of it without news--> asked (stops) --all of it without news--> killed
 *                    ^ |                               |
 *                    +-+-------------- lease ----------+   what was asked to stop stops nevertheless
 */
import { setImmediate as turn } from 'node:timers/promises';
import { machineMs, type LeaseMessage } from '../channel/lease-message.js';
import { LONGEST_TIMER_MS } from '../clock/system-clock.js';

export interface LeaseEnds {
  /** At half of the lease without news. */
  askToStop(): void;
  /** At its end. */
  kill(): void;
}

/** What this slave may rely on: that its launcher lives, for so long. Without a lease from it, for ever. */
export class SlaveLease {
  #askAt = Infinity;
  #endsAt = Infinity;
  /** By the time of day, which goes on while the machine is suspended. */
  #askAtDate = Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly ends: LeaseEnds) {}

  /** True when half of the lease has passed without news. */
  get inDoubt(): boolean {
    return machineMs() >= this.#askAt;
  }

  /**
   * Whether anything may begin at this moment. False as well when the time of day has gone on alone: the machine was suspended
   * meanwhile, or its clock was set forward, and then the next renewal puts it right.
   */
  get held(): boolean {
    return !this.inDoubt && Date.now() < this.#askAtDate;
  }

  get #isOver(): boolean {
    return machineMs() >= this.#endsAt;
  }

  renew({ seconds, sentAt = Infinity, date = Infinity }: LeaseMessage): void {
    const from = Math.min(sentAt, machineMs());
    this.#askAt = from + seconds * 500;
    this.#endsAt = from + seconds * 1000;
    this.#askAtDate = Math.min(date, Date.now()) + seconds * 500;
    // Not judged before all that has arrived is read: a later one may be waiting.
    this.#lookAt(this.#askAt);
  }

  /**
   * To be called before anything is begun: a machine that was frozen must not go on with work that meanwhile runs
   * elsewhere. What has arrived is read first, for a slave that was only busy has its renewals waiting.
   */
  async check(): Promise<void> {
    if (!this.inDoubt) return;
    await turn();
    this.#look();
  }

  /** For who cannot wait until messages are read. */
  endIfOver(): void {
    if (this.#isOver) this.ends.kill();
  }

  /** From now on no news can come: a launcher that lives sees to our end itself. */
  close(): void {
    if (this.inDoubt) return;
    clearTimeout(this.#timer);
    this.#askAt = this.#endsAt = this.#askAtDate = Infinity;
  }

  #look(): void {
    if (this.#isOver) return this.ends.kill();
    if (!this.inDoubt) return this.#lookAt(this.#askAt);
    this.ends.askToStop();
    this.#lookAt(this.#endsAt);
  }

  #lookAt(time: number): void {
    clearTimeout(this.#timer);
    const delayMs = Math.min(Math.max(1, Math.ceil(time - machineMs())), LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => setImmediate(() => this.#look()), delayMs).unref();
  }
}
