// What a process saw itself, independently of the system: one line, one write; it outlives every kill.
import { openSync, writeSync } from 'node:fs';

/** Times are the machine's monotonic clock in microseconds, which all processes of a round share. */
export class Ledger {
  #file;

  constructor(path) {
    this.#file = openSync(path, 'a');
  }

  write(...lines) {
    const now = process.hrtime.bigint() / 1000n;
    writeSync(this.#file, lines.map((line) => `${now} ${line}\n`).join(''));
  }
}
