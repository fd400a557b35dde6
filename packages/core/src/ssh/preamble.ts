/** What says so much before the marker is no relay. */
const MOST = 65_536;

/**
 * Finds where a relay's own words begin: a login shell may have printed something before, even without a newline at its
 * end.
 */
export class Preamble {
  readonly #marker: Buffer;
  #said = Buffer.alloc(0);

  constructor(marker: string) {
    this.#marker = Buffer.from(`${marker}\n`);
  }

  /** What came before the marker, as far as it has come. */
  get text(): string {
    return this.#said.toString();
  }

  get isTooLong(): boolean {
    return this.#said.length > MOST;
  }

  /** @returns what follows the marker; undefined when that has not come yet */
  push(chunk: Buffer): Buffer | undefined {
    const from = Math.max(0, this.#said.length - this.#marker.length);
    const all = Buffer.concat([this.#said, chunk]);
    const at = all.indexOf(this.#marker, from);
    this.#said = at === -1 ? all : all.subarray(0, at);
    return at === -1 ? undefined : all.subarray(at + this.#marker.length);
  }
}
