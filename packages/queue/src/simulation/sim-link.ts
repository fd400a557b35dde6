import type { ByteLink, ByteLinkListener } from '../transport/byte-link.js';
import type { Dice } from './dice.js';
import type { Parcel, SimPipe } from './sim-pipe.js';
import type { SimProcess } from './sim-process.js';
import type { Timeline } from './timeline.js';

export interface SimLinkOptions {
  readonly timeline: Timeline;
  readonly dice: Dice;
  readonly process: SimProcess;
  readonly peer: string;
  readonly identity: string | undefined;
  /** A unix socket: bytes leave the process at once, and arrive whatever becomes of it. */
  readonly local: boolean;
}

/** Who watches what really passes. */
export interface LinkTap {
  /** Its process writes these. */
  written?: (bytes: Buffer) => void;
  /** These bytes have left the process. */
  flushed?: (bytes: Buffer) => void;
  /** It is about to read these. */
  reading?: (bytes: Buffer) => void;
  /** It has ended. @param whole after all that the other end had written */
  over?: (whole: boolean) => void;
}

/** One end of a connection, in a process; behaves as a socket does. */
export class SimLink implements ByteLink {
  readonly peer: string;
  readonly identity: string | undefined;
  tap: LinkTap = {};
  /** Of a sabotage: what is written instead. */
  transform: ((bytes: Buffer) => Buffer) | undefined;
  #out: SimPipe | undefined;
  #listener: ByteLinkListener | undefined;
  #unsent: Buffer[] = [];
  #stuckUntil = 0;
  #flushPlanned = false;
  /** Something was written that never leaves. */
  #discards = false;
  #whenFlushed: (() => void)[] = [];
  #inbox: Parcel[] = [];
  #paused = false;
  #endAsked = false;
  #endSent = false;
  #readEnded = false;
  #gone = false;

  constructor(private readonly options: SimLinkOptions) {
    this.peer = options.peer;
    this.identity = options.identity;
    options.process.onDeath(() => this.#abandon());
  }

  /** Nothing more happens at this end. */
  get isOver(): boolean {
    return this.#gone;
  }

  get flushed(): boolean {
    return this.#unsent.length === 0 && !this.#discards;
  }

  get unsentBytes(): number {
    return this.#unsent.reduce((sum, { length }) => sum + length, 0);
  }

  connect(out: SimPipe): void {
    this.#out = out;
  }

  /** Until it is accepted the system keeps what arrives. */
  listen(listener: ByteLinkListener): void {
    this.#listener = listener;
    this.#readSoon();
  }

  write(bytes: Buffer): void {
    this.tap.written?.(bytes);
    if (this.#gone || this.#endAsked) {
      this.#discards = true;
      return;
    }
    const written = this.transform?.(bytes) ?? bytes;
    if (written.length === 0) return;
    this.#unsent.push(written);
    this.#flushSoon();
  }

  whenFlushed(callback: () => void): void {
    if (this.#gone) return;
    if (this.flushed) callback();
    else this.#whenFlushed.push(callback);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#readSoon();
  }

  end(): void {
    if (this.#gone || this.#endAsked) return;
    this.#endAsked = true;
    this.#sendEnd();
  }

  destroy(): void {
    if (this.#gone) return;
    this.#abandon();
    this.#callClosed(new Error('The connection was cut'));
  }

  /** What is written does not leave the process for so long: its reader's machine takes no more. */
  stick(ms: number): void {
    this.#stuckUntil = Math.max(this.#stuckUntil, this.options.timeline.now + ms);
  }

  /** The way to the other end is no more, and the system tells. */
  fail(message: string): void {
    if (this.#gone) return;
    this.#inbox.push('reset');
    this.#readSoon(message);
  }

  /** Of a sabotage: what has arrived is gone, and it looks as if the other end had ended it. */
  dropUnread(): void {
    this.#inbox = [];
    this.arrive('end');
  }

  arrive(parcel: Parcel): void {
    // The system answers for who is no longer there.
    if (this.#gone) return parcel === 'end' || parcel === 'reset' ? undefined : this.#send('reset');
    this.#inbox.push(parcel);
    this.#readSoon();
  }

  #send(parcel: Parcel): void {
    this.#out?.carry(parcel, this.options.process.now);
  }

  #flushSoon(): void {
    const { local, timeline, process, dice } = this.options;
    const stuckMs = this.#stuckUntil - timeline.now;
    if (local && stuckMs <= 0) return this.#flush();
    if (this.#flushPlanned) return;
    this.#flushPlanned = true;
    process.after(Math.max(stuckMs, local ? 0 : dice.random() / 4), () => {
      this.#flushPlanned = false;
      if (this.#stuckUntil > timeline.now) this.#flushSoon();
      else this.#flush();
    });
  }

  #flush(): void {
    if (this.#gone) return;
    for (const bytes of this.#unsent.splice(0)) {
      this.tap.flushed?.(bytes);
      this.#send(bytes);
    }
    if (this.#endAsked) this.#sendEnd();
    if (!this.#discards) for (const callback of this.#whenFlushed.splice(0)) callback();
  }

  #sendEnd(): void {
    if (this.#endSent || this.#unsent.length > 0) return;
    this.#endSent = true;
    this.#send('end');
    this.#closeWhenEnded();
  }

  #readSoon(failure?: string): void {
    this.options.process.run(() => this.#read(failure));
  }

  #read(failure?: string): void {
    if (this.#gone || this.#readEnded || this.#listener === undefined) return;
    if (this.#inbox.includes('reset')) return this.#breakOff(failure);
    if (this.#paused) return;
    const arrived = this.#inbox;
    this.#inbox = [];
    this.#deliver(arrived.filter((parcel) => typeof parcel !== 'string'));
    if (arrived.includes('end')) this.#endReading();
  }

  #deliver(chunks: readonly Buffer[]): void {
    if (chunks.length === 0) return;
    const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    this.tap.reading?.(bytes);
    this.#listener?.data(bytes);
  }

  #endReading(): void {
    this.#readEnded = true;
    this.end();
    this.#closeWhenEnded();
  }

  #closeWhenEnded(): void {
    if (this.#gone || !this.#readEnded || !this.#endSent) return;
    this.#gone = true;
    this.#tellClosed(undefined);
  }

  /** Of what has arrived and was not read the system throws some away, except that of a unix socket. */
  #breakOff(failure = 'read ECONNRESET'): void {
    const { local, dice } = this.options;
    const unread = this.#inbox.filter((parcel) => typeof parcel !== 'string');
    this.#inbox = [];
    this.#deliver(local ? unread : unread.slice(0, dice.between(0, unread.length)));
    if (this.#gone) return;
    this.#gone = true;
    this.#unsent = [];
    this.#tellClosed(local ? undefined : new Error(failure));
  }

  /** Its process has let go of it, or is dead. */
  #abandon(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#unsent = [];
    this.#whenFlushed = [];
    if (!this.#endSent || this.#inbox.length > 0)
      this.#send(this.#inbox.some((parcel) => parcel !== 'end') ? 'reset' : 'end');
    this.tap.over?.(false);
  }

  #tellClosed(error: Error | undefined): void {
    this.tap.over?.(error === undefined);
    this.#callClosed(error);
  }

  #callClosed(error: Error | undefined): void {
    const { timeline, process } = this.options;
    timeline.after(process.now - timeline.now, () => process.run(() => this.#listener?.closed(error)));
  }
}
