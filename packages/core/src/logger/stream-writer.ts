import { writeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { drained } from './drained.js';

/** What waits for the stream beyond this many bytes stops the reading from processes. */
const HIGH_WATER = 262_144;

/** What is said within one turn of the event loop is written together, up to about this many bytes. */
const BATCH = 65_536;

/** Room for what is added to a batch that is not full yet. Less than what the system's allocator maps each time anew. */
const CAPACITY = 114_688;

/** A character of a JavaScript text has at most so many bytes in UTF-8. */
const BYTES_PER_CHARACTER = 3;

/**
 * Writes text to a stream in batches and knows when the stream is full. A stream that fails takes nothing any more;
 * its user goes on, for a log that cannot be written must not end what it reports on.
 *
 * Text becomes bytes at once: they wait outside of V8's heap, where text would survive its collections and make it grow.
 */
export class StreamWriter {
  readonly #stream: Writable;
  #batch = Buffer.allocUnsafeSlow(0);
  #used = 0;
  #scheduled = false;
  #broken = false;
  #drained: Promise<void> | undefined;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on('error', (error) => this.#giveUp(error));
  }

  write(text: string): void {
    if (text.length * BYTES_PER_CHARACTER > CAPACITY - this.#used) this.#send();
    if (text.length * BYTES_PER_CHARACTER > CAPACITY) return this.#pass(Buffer.from(text));
    if (this.#batch.length === 0) this.#batch = Buffer.allocUnsafeSlow(CAPACITY);
    this.#used += this.#batch.write(text, this.#used);
    if (this.#used >= BATCH) this.#send();
    else this.#schedule();
  }

  full(): Promise<void> | undefined {
    if (this.#drained !== undefined || this.#broken) return this.#drained;
    return this.#stream.writableLength > HIGH_WATER ? (this.#drained = this.#drain()) : undefined;
  }

  async flush(): Promise<void> {
    this.#send();
    if (this.#broken) return;
    await new Promise<void>((resolve) => {
      const done = (): void => resolve();
      this.#stream.once('close', done);
      this.#stream.write('', done);
    });
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#send();
    });
  }

  #send(): void {
    if (this.#used > 0) this.#pass(this.#take());
  }

  /** A stream may keep what it gets for long: nearly empty batches would pile up. */
  #take(): Buffer {
    const bytes = this.#batch.subarray(0, this.#used);
    this.#used = 0;
    if (bytes.length < BATCH / 2) return Buffer.from(bytes);
    this.#batch = Buffer.allocUnsafeSlow(0);
    return bytes;
  }

  #pass(bytes: Buffer): void {
    if (this.#broken) return;
    try {
      this.#stream.write(bytes);
    } catch (error) {
      // A stream on a file writes at once, and throws at once.
      this.#giveUp(error as Error);
    }
  }

  #giveUp(error: Error): void {
    if (this.#broken) return;
    this.#broken = true;
    tell(`The log cannot be written any more: ${error.message}\n`);
  }

  async #drain(): Promise<void> {
    await drained(this.#stream);
    this.#drained = undefined;
  }
}

/** On stderr itself: its stream may be as broken as the log's, and would end the program. */
function tell(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // Nobody is there to be told.
  }
}
