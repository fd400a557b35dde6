import { closeSync, fstatSync, mkdirSync, openSync, writeSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { Writable } from 'node:stream';
import { DEFAULTS } from '../config/defaults.js';
import { LogFileError } from './log-file-error.js';
import { isStillAt, rotateFile } from './log-rotation.js';
import { writeFully } from './write-fully.js';

/** How a log file is kept. */
export interface LogFileOptions {
  /** MB at which a new file is begun before the day (UTC, as the times in the lines) ends. Default 100. */
  readonly maxSize?: number;
  /** Older files that are kept. Default 30. */
  readonly maxFiles?: number;
  readonly clock: { monotonicMs(): number; date(): Date };
  /** What is written instead of lines that are lost, when there is room again: whole lines. */
  readonly gap: (lines: number, reason: string) => string;
}

const MODE = 0o640;
const FOLDER_MODE = 0o750;
const MB = 1_048_576;

/** A disk that is full is tried again after so long, at the next line. */
const RETRY_MS = 1000;

/** The same for a rotation that failed: until then the file grows on. */
const ROTATION_RETRY_MS = 60_000;

const NEWLINE = 0x0a;
const NOTHING = Buffer.alloc(0);

/**
 * A log file that never fails its writer. By day and by size a new file is begun; the older ones are `<path>.<day>.<n>`.
 *
 * While the disk is full lines are dropped, which is said once on stderr, and in the log itself when there is room again.
 * It is appended to, so that others may truncate it (logrotate's copytruncate), and opened again by `reopen` when others
 * have renamed it.
 */
export class LogFile extends Writable {
  readonly #maxBytes: number;
  readonly #maxFiles: number;
  #descriptor: number | undefined;
  #isRegular = false;
  /** What is known of it: others may write, too, or truncate it. */
  #size = 0;
  #day = '';
  #reopening = false;
  #failedAt = Number.NEGATIVE_INFINITY;
  #rotationFailedAt = Number.NEGATIVE_INFINITY;
  #lost = 0;
  #reason = '';
  #toldRotation = false;
  /** A line was cut off by a disk that became full. */
  #torn = false;

  /**
   * @param path a file, made with its folder if it is not there; a device is written as it is
   * @throws LogFileError
   */
  constructor(
    readonly path: string,
    private readonly options: LogFileOptions,
  ) {
    super({ decodeStrings: true });
    this.#maxBytes = (options.maxSize ?? DEFAULTS.logMaxSize) * MB;
    this.#maxFiles = options.maxFiles ?? DEFAULTS.logMaxFiles;
    try {
      this.#open();
    } catch (error) {
      throw new LogFileError(path, error);
    }
  }

  /** Opens the file anew, at once, behind what was said before: others have renamed or removed it. */
  reopen(): Promise<void> {
    this.#reopening = true;
    return new Promise((resolve) => void this.write(NOTHING, () => resolve()));
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    void this.#appendOrDrop(bytes, done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#close();
    done(error);
  }

  async #appendOrDrop(bytes: Buffer, done: () => void): Promise<void> {
    try {
      await this.#append(bytes);
    } catch (error) {
      this.#fail(error, bytes);
    }
    done();
  }

  async #append(bytes: Buffer): Promise<void> {
    if (this.#reopening) this.#reopen();
    if (bytes.length === 0) return;
    if (this.#failsStill) return this.#drop(bytes);
    if (this.#isDue) this.#rotate();
    if (this.#lost > 0 || this.#torn) await this.#tellGap();
    await this.#appendNow(bytes);
  }

  async #appendNow(bytes: Buffer): Promise<void> {
    const { written, error } = await writeFully(this.#descriptor!, bytes);
    this.#size += written;
    if (written > 0) this.#torn = bytes[written - 1] !== NEWLINE;
    if (error !== undefined) throw new PartlyWritten(error, written);
  }

  /** In front of what is written now. */
  async #tellGap(): Promise<void> {
    const end = this.#torn ? '\n' : '';
    const gap = this.#lost === 0 ? '' : this.options.gap(this.#lost, this.#reason);
    try {
      await this.#appendNow(Buffer.from(end + gap));
    } catch (error) {
      // None of the lines behind it was written.
      throw error instanceof PartlyWritten ? error.cause : error;
    }
    this.#lost = 0;
  }

  get #failsStill(): boolean {
    return this.options.clock.monotonicMs() - this.#failedAt < RETRY_MS;
  }

  #fail(error: unknown, bytes: Buffer): void {
    const cause = error instanceof PartlyWritten ? error.cause : error;
    this.#reason = messageOf(cause);
    this.#failedAt = this.options.clock.monotonicMs();
    if (this.#lost === 0) tell(`The log ${this.path} cannot be written, lines are lost: ${this.#reason}\n`);
    this.#drop(bytes, error instanceof PartlyWritten ? error.written : 0);
  }

  #drop(bytes: Buffer, from = 0): void {
    for (let at = bytes.indexOf(NEWLINE, from); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) this.#lost++;
  }

  get #isDue(): boolean {
    if (!this.#isRegular || this.options.clock.monotonicMs() - this.#rotationFailedAt < ROTATION_RETRY_MS) return false;
    return this.#size >= this.#maxBytes || this.#day !== this.#today;
  }

  get #today(): string {
    return this.options.clock.date().toISOString().slice(0, 10);
  }

  /** What others did to the file meanwhile counts: it may have been truncated, or renamed. */
  #rotate(): void {
    const stats = fstatSync(this.#descriptor!);
    const isOld = stats.size > 0 && this.#day !== this.#today;
    this.#note(stats, this.#today);
    if (!isOld && stats.size < this.#maxBytes) return;
    try {
      if (isStillAt(this.path, stats)) rotateFile(this.path, { day: dayOf(stats), keep: this.#maxFiles });
      this.#openAgain();
      this.#toldRotation = false;
    } catch (error) {
      this.#rotationFailedAt = this.options.clock.monotonicMs();
      if (!this.#toldRotation) tell(`The log ${this.path} cannot be rotated, it grows on: ${messageOf(error)}\n`);
      this.#toldRotation = true;
    }
  }

  #reopen(): void {
    this.#reopening = false;
    try {
      this.#openAgain();
    } catch (error) {
      tell(`The log ${this.path} cannot be opened again, it goes on where it is: ${messageOf(error)}\n`);
    }
  }

  /** The old one is left only when there is a new one. */
  #openAgain(): void {
    const before = this.#descriptor;
    this.#open();
    if (before !== undefined) closeSync(before);
    this.#torn = false;
    this.#failedAt = Number.NEGATIVE_INFINITY;
  }

  #open(): void {
    this.#descriptor = openForAppending(this.path);
    const stats = fstatSync(this.#descriptor);
    this.#isRegular = stats.isFile();
    this.#note(stats, stats.size > 0 ? dayOf(stats) : this.#today);
  }

  #note(stats: Stats, day: string): void {
    this.#size = stats.size;
    this.#day = day;
  }

  #close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

/** Some of the bytes are in the file. */
class PartlyWritten extends Error {
  constructor(
    override readonly cause: unknown,
    readonly written: number,
  ) {
    super(messageOf(cause));
  }
}

function openForAppending(path: string): number {
  mkdirSync(dirname(path), { recursive: true, mode: FOLDER_MODE });
  return openSync(path, 'a', MODE);
}

function dayOf({ mtime }: Stats): string {
  return mtime.toISOString().slice(0, 10);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Where stderr is this very file, it goes the way of the lines. */
function tell(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // Nobody is there to be told.
  }
}
