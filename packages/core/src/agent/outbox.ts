import type { AgentRecord, RecordMessage } from '../agent-channel/agent-message.js';
import { RECORD_WINDOW_BYTES } from '../agent-channel/protocol.js';

/** With more than this kept, processes are not read. */
const MAX_BYTES = 8_388_608;

/** What a record costs besides its text: its names, braces and the object that holds it. */
const RECORD_OVERHEAD = 200;

interface Kept {
  readonly message: RecordMessage;
  readonly bytes: number;
}

/**
 * The records of an agent until they are confirmed. On each link they are sent in their order from the last confirmed
 * one on, no more than a window of them ahead of the confirmations. Nothing is ever dropped: when it is full, whoever
 * reads from processes has to pause.
 */
export class Outbox {
  readonly #maxBytes: number;
  readonly #windowBytes: number;
  /** In the order of their sequences; those before `#first` were confirmed. */
  #kept: Kept[] = [];
  #first = 0;
  /** Index of the next record to be sent on the current link. */
  #next = 0;
  #bytes = 0;
  #inFlight = 0;
  #sequence = 0;
  #room: PromiseWithResolvers<void> | undefined;

  constructor(maxBytes: number = MAX_BYTES, windowBytes: number = RECORD_WINDOW_BYTES) {
    this.#maxBytes = maxBytes;
    this.#windowBytes = windowBytes;
  }

  get empty(): boolean {
    return this.#first === this.#kept.length;
  }

  add(record: AgentRecord): void {
    const bytes = RECORD_OVERHEAD + textLength(record);
    this.#kept.push({ message: { type: 'record', sequence: ++this.#sequence, record }, bytes });
    this.#bytes += bytes;
  }

  /** Undefined while there is room, else resolves when there is again. */
  full(): Promise<void> | undefined {
    if (this.#bytes <= this.#maxBytes) return undefined;
    this.#room ??= Promise.withResolvers();
    return this.#room.promise;
  }

  /** A new link: what was not confirmed is sent again. */
  rewind(): void {
    this.#next = this.#first;
    this.#inFlight = 0;
  }

  confirm(sequence: number): void {
    for (let kept = this.#kept[this.#first]; kept !== undefined; kept = this.#kept[this.#first]) {
      if (kept.message.sequence > sequence) break;
      this.#forget(kept);
    }
    this.#compact();
    if (this.#bytes <= this.#maxBytes) this.#makeRoom();
  }

  /** The next record to send now; undefined when there is none, or the window is full. */
  take(): RecordMessage | undefined {
    const kept = this.#kept[this.#next];
    // A record that is larger than the window goes alone.
    if (kept === undefined || (this.#inFlight > 0 && this.#inFlight + kept.bytes > this.#windowBytes)) return undefined;
    this.#next++;
    this.#inFlight += kept.bytes;
    return kept.message;
  }

  #forget(kept: Kept): void {
    if (this.#next > this.#first) this.#inFlight -= kept.bytes;
    else this.#next = this.#first + 1;
    this.#first++;
    this.#bytes -= kept.bytes;
  }

  /** Confirmed records are let go in large portions: a shift for each would move the whole list. */
  #compact(): void {
    if (this.#first < 1024 && this.#first < this.#kept.length) return;
    this.#kept = this.#kept.slice(this.#first);
    this.#next -= this.#first;
    this.#first = 0;
  }

  #makeRoom(): void {
    this.#room?.resolve();
    this.#room = undefined;
  }
}

function textLength(record: AgentRecord): number {
  switch (record.type) {
    case 'lines':
      return record.lines.length;
    case 'log':
      return record.message.length + (record.context?.length ?? 0);
    case 'queue':
      return record.message.type === 'kill-request' ? record.message.reason.length : 0;
    case 'change':
      return record.change.exit?.lastLines?.reduce((sum, line) => sum + line.length, 0) ?? 0;
  }
}
