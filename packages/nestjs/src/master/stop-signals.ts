import { constants } from 'node:os';
import type { Launcher } from '@distributed-architecture/core';

/** A closed terminal says SIGHUP, often twice: once itself, once through the shell. */
const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * One Ctrl-C may arrive several times within a few milliseconds: the terminal sends SIGINT to every process in the
 * foreground, and `nest start` and npm pass theirs on. What comes again so soon is the same request.
 */
const ECHO_MS = 200;

type StopSignal = (typeof STOP_SIGNALS)[number];

export interface SignalSource {
  on(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
  off(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
}

/** The first signal stops the launcher cleanly, the second kills. */
export class StopSignals {
  #first: StopSignal | undefined;
  #firstAt = 0;
  #second: StopSignal | undefined;
  readonly #killed = Promise.withResolvers<void>();

  constructor(
    private readonly launcher: Pick<Launcher, 'stop' | 'kill'>,
    private readonly log: (message: string) => void,
    private readonly source: SignalSource = process,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** 128 + n after a second signal n, else undefined. */
  get exitCode(): number | undefined {
    return this.#second && 128 + constants.signals[this.#second];
  }

  /** Resolves when a second signal has killed all that ran. */
  get killed(): Promise<void> {
    return this.#killed.promise;
  }

  listen(): void {
    for (const signal of STOP_SIGNALS) this.source.on(signal, this.#onSignal);
  }

  forget(): void {
    for (const signal of STOP_SIGNALS) this.source.off(signal, this.#onSignal);
  }

  readonly #onSignal = (signal: StopSignal): void => {
    if (this.#first === undefined) this.#stop(signal);
    else if (signal !== 'SIGHUP' && !this.#isEcho(signal)) this.#kill(signal);
  };

  #isEcho(signal: StopSignal): boolean {
    return signal === this.#first && this.nowMs() - this.#firstAt < ECHO_MS;
  }

  #stop(signal: StopSignal): void {
    this.#first = signal;
    this.#firstAt = this.nowMs();
    this.log(`Received ${signal}, stopping`);
    ignoreFailure(this.launcher.stop());
  }

  #kill(signal: StopSignal): void {
    this.#second ??= signal;
    this.launcher.kill().then(this.#killed.resolve, this.#killed.resolve);
  }
}

/** Whoever runs the launcher learns why it failed. */
function ignoreFailure(done: Promise<void>): void {
  done.catch(() => {});
}
