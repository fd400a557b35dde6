import type { ListenerMessage } from './listener-message.js';

/** More messages than this do not wait ... */
const MOST_MESSAGES = 10_000;

/** ... nor so many characters of lines. */
const MOST_CHARACTERS = 4_194_304;

export interface EventQueueOptions {
  /** @returns false when it takes no more for now; `drained` is called when it does again */
  readonly send: (message: ListenerMessage) => boolean;
  /** All that there is now. */
  readonly introduce: () => ListenerMessage;
  /** Nothing waits any more, after `close`. */
  readonly closed: () => void;
  readonly log: (level: 'warn' | 'log', message: string) => void;
}

/**
 * What a listener is yet to be told. One that reads too slowly gets no more until it has read all that waits: what comes
 * meanwhile is dropped, and it is told anew what there is.
 */
export class EventQueue {
  readonly #waiting: ListenerMessage[];
  #characters = 0;
  #open = false;
  #room = true;
  #dropped = 0;
  #closing = false;

  constructor(private readonly options: EventQueueOptions) {
    this.#waiting = [options.introduce()];
  }

  /** It is there: it is told what there was when it began, and what came meanwhile. */
  open(): void {
    this.#open = true;
    this.#pump();
  }

  add(message: ListenerMessage): void {
    if (this.#closing) return;
    if (this.#dropped > 0 || this.#isFull) return this.#drop();
    this.#waiting.push(message);
    this.#characters += textLength(message);
    this.#pump();
  }

  drained(): void {
    this.#room = true;
    this.#pump();
  }

  /** Nothing is added any more. */
  close(): void {
    this.#closing = true;
    this.#pump();
  }

  get #isFull(): boolean {
    return this.#waiting.length >= MOST_MESSAGES || this.#characters >= MOST_CHARACTERS;
  }

  #drop(): void {
    this.#dropped++;
    if (this.#dropped === 1) this.options.log('warn', 'The listener reads too slowly: events are dropped');
  }

  #pump(): void {
    while (this.#open && this.#room) {
      const message = this.#waiting.shift() ?? this.#takeUp();
      if (message === undefined) return this.#onEmpty();
      this.#characters -= textLength(message);
      this.#room = this.options.send(message);
    }
  }

  /** It has read all that waited: from now on nothing is dropped. */
  #takeUp(): ListenerMessage | undefined {
    if (this.#dropped === 0) return undefined;
    this.options.log('log', `The listener reads again: ${this.#dropped} events were dropped`);
    this.#dropped = 0;
    return this.options.introduce();
  }

  #onEmpty(): void {
    this.#characters = 0;
    if (this.#closing) this.options.closed();
  }
}

function textLength(message: ListenerMessage): number {
  if (message.type !== 'process') return 0;
  const last = message.exit?.lastLines?.reduce((sum, line) => sum + line.length, 0) ?? 0;
  return last + (message.line?.length ?? 0);
}
