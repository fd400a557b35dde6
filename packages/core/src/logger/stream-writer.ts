import { writeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { drained } from './drained.js';

/** What waits for the stream beyond this many bytes stops the reading from processes. */
const HIGH_WATER = 262_144;

/** What is said within one turn of the event loop is written together, up to this many characters. */
const BATCH = 65_536;

/**
 * Writes text to a stream in batches and knows when the stream is full. A stream that fails takes nothing any more;
 * its user goes on, for a log that cannot be written must not end what it reports on.
 */
export class StreamWriter {
  readonly #stream: Writable;
  #batch = '';
  #scheduled = false;
  #broken = false;
  #drained: Promise<void> | undefined;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on('error', (error) => this.#giveUp(error));
  }

  write(text: string): void {
    this.#batch += text;
    if (this.#batch.length >= BATCH) this.#send();
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
    setImmediate(() => this.#send());
  }

  #send(): void {
    this.#scheduled = false;
    const text = this.#batch;
    this.#batch = '';
    if (text === '' || this.#broken) return;
    try {
      // Bytes wait outside of V8's heap; waiting text would survive its collections and make it grow.
      this.#stream.write(Buffer.from(text));
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
