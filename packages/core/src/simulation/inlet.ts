import type { SimProcess } from './machine.js';
import type { World } from './world.js';

/** What a launcher hears of one incarnation: in order, a little later, output only while it reads, the exit last. */
export class Inlet {
  #arrival = 0;
  #paused = false;
  #held: (() => void)[] = [];

  constructor(
    private readonly world: World,
    private readonly launcher: SimProcess,
  ) {}

  /** A message, or a notice of the operating system. */
  receive(action: () => void): void {
    const { now } = this.world;
    this.#arrival = Math.max(this.#arrival, now + this.world.latencyMs());
    this.launcher.after(this.#arrival - now, action, 'input');
  }

  /** Output stays in its pipe while the launcher does not read; the exit follows it. */
  output(action: () => void): void {
    this.receive(() => this.#pass(action));
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.launcher.after(0, () => this.#read(), 'input');
  }

  #pass(action: () => void): void {
    if (this.#paused || this.#held.length > 0) this.#held.push(action);
    else action();
  }

  #read(): void {
    while (!this.#paused && this.#held.length > 0 && this.launcher.alive) this.#held.shift()!();
  }
}
