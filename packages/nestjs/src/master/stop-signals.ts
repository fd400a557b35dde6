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

export interface StopSignalsOptions {
  /** Whether SIGHUP, by which a closed terminal tells, stops. Default true; a service opens its log again on it. */
  readonly onHangup?: boolean;
  /** Called before the launcher is stopped, and by no second signal. */
  readonly stopping?: () => void;
}

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
    private readonly options: StopSignalsOptions = {},
  ) {}

  /** 128 + n after a second signal n, else undefined. */
  get exitCode(): number | undefined {
    return this.#second && 128 + constants.signals[this.#second];
  }

  /** Whether a signal has asked for the end. */
  get received(): boolean {
    return this.#first !== undefined;
  }

  /** Resolves when a second signal has killed all that ran. */
  get killed(): Promise<void> {
    return this.#killed.promise;
  }

  listen(): void {
    for (const signal of this.#signals) this.source.on(signal, this.#onSignal);
  }

  forget(): void {
    for (const signal of this.#signals) this.source.off(signal, this.#onSignal);
  }

  get #signals(): readonly StopSignal[] {
    const { onHangup = true } = this.options;
    return STOP_SIGNALS.filter((signal) => onHangup || signal !== 'SIGHUP');
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
    this.options.stopping?.();
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
