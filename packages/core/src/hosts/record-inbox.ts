import { RECORD_WINDOW_BYTES } from '../agent-channel/protocol.js';
import type { Clock } from '../clock/clock.js';

/** So much is confirmed at once ... */
const BATCH_BYTES = RECORD_WINDOW_BYTES / 4;

/** ... or what came within so long. */
const BATCH_MS = 50;

export interface RecordInboxOptions {
  readonly clock: Clock;
  /** Undefined while the log accepts more, else resolves when it does again. */
  readonly full: () => Promise<void> | undefined;
  readonly confirm: (sequence: number) => void;
}

/**
 * Takes the records of an agent, each once, and confirms them, in batches and not while the log is full: an agent that
 * is not confirmed sends no more.
 */
export class RecordInbox {
  readonly #options: RecordInboxOptions;
  #agent: string | undefined;
  #received = 0;
  #confirmed = 0;
  #bytes = 0;
  #waiting = false;
  #cancelTimer: (() => void) | undefined;

  constructor(options: RecordInboxOptions) {
    this.#options = options;
  }

  /** @returns up to which record all of this agent was confirmed: it is to send what follows */
  open(agent: string): number {
    if (agent !== this.#agent) {
      this.#agent = agent;
      this.#received = 0;
      this.#confirmed = 0;
    }
    return this.#confirmed;
  }

  /** @returns false for one that has come before, on another link */
  take(sequence: number, bytes: number): boolean {
    const isNew = sequence > this.#received;
    if (isNew) this.#received = sequence;
    this.#bytes += bytes;
    if (this.#bytes >= BATCH_BYTES) this.confirm();
    else this.#cancelTimer ??= this.#options.clock.setTimer(BATCH_MS, () => this.confirm());
    return isNew;
  }

  close(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  /** Confirms at once what has come, unless the log is full. */
  confirm(): void {
    this.close();
    if (this.#waiting || this.#confirmed === this.#received) return;
    const full = this.#options.full();
    if (full !== undefined) return void this.#confirmAfter(full);
    this.#bytes = 0;
    this.#confirmed = this.#received;
    this.#options.confirm(this.#confirmed);
  }

  async #confirmAfter(full: Promise<void>): Promise<void> {
    this.#waiting = true;
    await full;
    this.#waiting = false;
    this.confirm();
  }
}
