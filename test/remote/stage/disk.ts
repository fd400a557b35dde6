import { closeSync, existsSync, globSync, openSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Host } from '../../support/hosts.js';

/** Where programs on a host write what they saw, and the test reads it. */
const WRITABLE = '/tmp';

/** The disk of a host as it is now: it can be read also when that host is gone. */
export class Disk {
  readonly #descriptor: number;

  constructor(readonly host: Host) {
    this.#descriptor = openSync(host.path(WRITABLE), 'r');
  }

  /** Name and text of the files there. */
  read(pattern: string): { name: string; text: string }[] {
    const files = globSync(join(`/proc/self/fd/${this.#descriptor}`, pattern));
    return files.map((file) => ({ name: basename(file), text: readFileSync(file, 'utf8') }));
  }

  has(file: string): boolean {
    return existsSync(join(`/proc/self/fd/${this.#descriptor}`, file));
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
