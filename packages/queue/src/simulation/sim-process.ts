import type { Timeline } from './timeline.js';

/** What a process needs of the world. */
export interface ProcessWorld {
  readonly timeline: Timeline;
  unsettled: boolean;
  readonly judge: { crashed(error: unknown): void };
}

interface Task {
  readonly action: () => void;
  cancelled: boolean;
}

/** A process: it freezes, wakes, blocks, dies. What comes from outside is handled before timers when it goes on. */
export class SimProcess {
  alive = true;
  frozen = false;
  #busyUntil = 0;
  #input: Task[] = [];
  #timers: Task[] = [];
  readonly #onDeath: (() => void)[] = [];

  constructor(
    private readonly world: ProcessWorld,
    readonly name: string,
  ) {}

  /** Its own time: it is ahead while it blocks. */
  get now(): number {
    return Math.max(this.world.timeline.now, this.#busyUntil);
  }

  /** Something comes from outside. */
  run(action: () => void): void {
    this.#due({ action, cancelled: false }, this.#input);
  }

  /** @returns what cancels it */
  after(ms: number, action: () => void): () => void {
    const task: Task = { action, cancelled: false };
    const ahead = this.now - this.world.timeline.now;
    const cancel = this.world.timeline.after(ahead + ms, () => this.#due(task, this.#timers));
    return () => {
      task.cancelled = true;
      cancel();
    };
  }

  /** It does nothing else for so long. */
  block(ms: number): void {
    this.#busyUntil = this.now + ms;
    this.world.timeline.after(this.#busyUntil - this.world.timeline.now, () => this.#goOn());
  }

  freeze(): void {
    this.frozen = true;
  }

  thaw(): void {
    this.frozen = false;
    this.#goOn();
  }

  onDeath(listener: () => void): void {
    this.#onDeath.push(listener);
  }

  /** SIGKILL, or its end. What it does just now is done before. */
  kill(): void {
    if (!this.alive) return;
    const ahead = this.#busyUntil - this.world.timeline.now;
    if (ahead > 0) return void this.world.timeline.after(ahead, () => this.kill());
    this.alive = false;
    for (const listener of this.#onDeath) listener();
  }

  #goOn(): void {
    const [input, timers] = [this.#input, this.#timers];
    [this.#input, this.#timers] = [[], []];
    // One by one, so that promises go on between them.
    for (const task of input) this.world.timeline.after(0, () => this.#due(task, this.#input));
    for (const task of timers) this.world.timeline.after(0, () => this.#due(task, this.#timers));
  }

  #due(task: Task, backlog: Task[]): void {
    if (!this.alive || task.cancelled) return;
    if (this.frozen || this.#busyUntil > this.world.timeline.now) return void backlog.push(task);
    this.world.unsettled = true;
    try {
      task.action();
    } catch (error) {
      this.world.judge.crashed(error);
    }
  }
}
