import { execFile } from 'node:child_process';

/** Variables by which systemd says where it listens. Our processes do not inherit them. */
const VARIABLES = ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID'] as const;

type Notify = (state: readonly string[]) => void;

export interface SystemdOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly warn: (message: string) => void;
  /** Default: by the program `systemd-notify`. */
  readonly notify?: Notify;
}

/** Tells systemd how the service does; without systemd it tells nobody. */
export class Systemd {
  readonly #notify: Notify | undefined;
  readonly #watchdogMs: number;
  #timer: NodeJS.Timeout | undefined;
  #turned = false;

  constructor({ env, warn, notify }: SystemdOptions) {
    const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: microseconds, WATCHDOG_PID: pid } = env;
    this.#notify = socket === undefined ? undefined : (notify ?? byProgram({ ...env }, warn));
    const isOurs = pid === undefined || Number(pid) === process.pid;
    this.#watchdogMs = isOurs ? Number(microseconds ?? 0) / 1000 : 0;
    for (const name of VARIABLES) Reflect.deleteProperty(env, name);
  }

  ready(status: string): void {
    this.#notify?.(['READY=1', `MAINPID=${process.pid}`, `STATUS=${status}`]);
    if (this.#notify === undefined || !(this.#watchdogMs > 0)) return;
    this.#timer ??= setInterval(() => this.#feed(), this.#watchdogMs / 2).unref();
  }

  /** The launcher does something: only then the watchdog of systemd is fed. */
  turned(): void {
    this.#turned = true;
  }

  reloading(): void {
    this.#notify?.(['RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`]);
  }

  reloaded(): void {
    this.#notify?.(['READY=1']);
  }

  stopping(): void {
    this.#notify?.(['STOPPING=1']);
  }

  /** Lets a stop go on for longer than the watchdog. */
  close(): void {
    clearInterval(this.#timer);
  }

  #feed(): void {
    if (this.#turned) this.#notify?.(['WATCHDOG=1']);
    this.#turned = false;
  }
}

/** Node has no datagram sockets of unix. */
function byProgram(env: NodeJS.ProcessEnv, warn: (message: string) => void): Notify {
  let warned = false;
  let last: Promise<void> = Promise.resolve();
  const run = (state: readonly string[]): Promise<void> =>
    new Promise((resolve) =>
      execFile('systemd-notify', state, { env }, (error) => {
        if (error !== null && !warned) warn(`systemd cannot be told anything: ${error.message.trim()}`);
        warned ||= error !== null;
        resolve();
      }),
    );
  // In their order.
  return (state) => void (last = last.then(() => run(state)));
}
