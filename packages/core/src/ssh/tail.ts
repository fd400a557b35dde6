/** The last bytes of what is said. */
export class Tail {
  #bytes = Buffer.alloc(0);

  constructor(private readonly most: number) {}

  push(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]).subarray(-this.most);
  }

  get text(): string {
    return this.#bytes.toString().trim();
  }
}
