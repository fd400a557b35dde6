import { open, rename, type FileHandle } from 'node:fs/promises';
import type { Clock } from '../clock/clock.js';
import type { LogLevel } from '../logger/logger.js';
import type { JournalEntry, JournalEvent } from './journal-event.js';
import { formerFile, presentFile } from './journal-files.js';

/** There are two files of this size at most. */
const MOST_BYTES = 4_194_304;

/** What waits for a disk that is full or slow. */
const MOST_WAITING = 1_048_576;

/** A disk that was full is tried again, with the next event, after so long. */
const RETRY_MS = 1000;

const NEWLINE = 0x0a;

export interface EventJournalOptions {
  /** Of the fleet: it stays when the run is over. */
  readonly folder: string;
  readonly epoch: number;
  readonly clock: Clock;
  readonly log: (level: LogLevel, message: string) => void;
  /** Bytes of a file after which another is begun. Default 4 MB. */
  readonly mostBytes?: number;
}

/**
 * What happened in a fleet, one JSON a line, in order. All events of one turn of the event loop are one write.
 *
 * The file is opened for each write: whoever removes it, or its folder, is told from nothing worse than missing events.
 */
export class EventJournal {
  readonly #mostBytes: number;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #missing = 0;
  #seq = 0;
  #writing: Promise<void> | undefined;
  #failedAt: number | undefined;
  /** Whoever wrote last may have died in the middle of a line. */
  #mayBeTorn = true;

  constructor(private readonly options: EventJournalOptions) {
    this.#mostBytes = options.mostBytes ?? MOST_BYTES;
  }

  add(event: JournalEvent): JournalEntry {
    const { clock, epoch } = this.options;
    const entry = { at: clock.date().toISOString(), epoch, seq: ++this.#seq, ...event };
    this.#queue(Buffer.from(`${JSON.stringify(entry)}\n`));
    if (this.#isDue) this.#writing ??= this.#writeSoon();
    return entry;
  }

  /** Resolves when all events so far were written, or cannot be. */
  async flush(): Promise<void> {
    await this.#writing;
    if (this.#waiting.length > 0) await (this.#writing ??= this.#write());
  }

  get #isDue(): boolean {
    return this.#failedAt === undefined || this.options.clock.monotonicMs() - this.#failedAt >= RETRY_MS;
  }

  #queue(line: Buffer): void {
    if (this.#waitingBytes + line.length > MOST_WAITING) {
      this.#missing++;
      return;
    }
    this.#waiting.push(line);
    this.#waitingBytes += line.length;
  }

  async #writeSoon(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    await this.#write();
  }

  async #write(): Promise<void> {
    try {
      while (this.#waiting.length > 0) await this.#writeBatch();
      this.#recover();
    } catch (error) {
      this.#fail(error as Error);
    } finally {
      this.#writing = undefined;
    }
  }

  async #writeBatch(): Promise<void> {
    const batch = [...this.#waiting];
    const size = await this.#append(Buffer.concat(batch));
    // Others came meanwhile.
    this.#waiting = this.#waiting.slice(batch.length);
    this.#waitingBytes = this.#waiting.reduce((sum, { length }) => sum + length, 0);
    if (size >= this.#mostBytes) await rename(presentFile(this.options.folder), formerFile(this.options.folder));
  }

  /** @returns how long the file is then */
  async #append(lines: Buffer): Promise<number> {
    const file = await open(presentFile(this.options.folder), 'a+', 0o600);
    try {
      const { size } = await file.stat();
      const bytes = this.#mayBeTorn && (await isTorn(file, size)) ? Buffer.concat([Buffer.from('\n'), lines]) : lines;
      await this.#appendWhole(file, bytes, size);
      return size + bytes.length;
    } finally {
      await file.close();
    }
  }

  /** What was written in part is taken back: it will be written again. */
  async #appendWhole(file: FileHandle, bytes: Buffer, size: number): Promise<void> {
    this.#mayBeTorn = true;
    try {
      await file.appendFile(bytes);
      this.#mayBeTorn = false;
    } catch (error) {
      await file.truncate(size).catch(() => {});
      throw error;
    }
  }

  #fail({ message }: Error): void {
    const isNew = this.#failedAt === undefined;
    this.#failedAt = this.options.clock.monotonicMs();
    if (isNew) this.options.log('warn', `The journal of events cannot be written: ${message}`);
  }

  #recover(): void {
    if (this.#failedAt === undefined) return;
    this.#failedAt = undefined;
    const missing = this.#missing === 0 ? '' : `; ${this.#missing} events are missing in it`;
    this.#missing = 0;
    this.options.log('log', `The journal of events is written again${missing}`);
  }
}

async function isTorn(file: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== NEWLINE;
}
