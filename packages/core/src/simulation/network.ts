/** What carries the time. */
interface Ticking {
  readonly timeline: { after(ms: number, callback: () => void): () => void };
  latencyMs(): number;
}

/** Between the machines: slow at times, and at times cut. What is under way then arrives late, after the cut. */
export class Network {
  /** Milliseconds that everything takes longer. */
  slowness = 0;
  #cut = false;
  #held: (() => void)[] = [];

  constructor(private readonly world: Ticking) {}

  /** Carries it to the other side. */
  carry(arrive: () => void): void {
    this.world.timeline.after(this.slowness + this.world.latencyMs(), () => this.#pass(arrive));
  }

  /** What is sent takes long. */
  get hinders(): boolean {
    return this.#cut || this.slowness > 0;
  }

  cut(): void {
    this.#cut = true;
  }

  heal(): void {
    this.#cut = false;
    const held = this.#held;
    this.#held = [];
    for (const arrive of held) arrive();
  }

  #pass(arrive: () => void): void {
    if (this.#cut) this.#held.push(arrive);
    else arrive();
  }
}

/** One direction of a connection: what is sent arrives in its order. */
export class Wire {
  readonly #sent: (() => void)[] = [];

  constructor(private readonly network: Network) {}

  send(arrive: () => void): void {
    this.#sent.push(arrive);
    // Whichever is carried over first, the first that was sent arrives.
    this.network.carry(() => this.#sent.shift()!());
  }
}
