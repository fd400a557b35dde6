import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../harness/proc.js';
import type { Scope } from '../harness/scope.js';
import { waitUntil, within } from '../harness/wait.js';
import type { Pm2Method, Pm2Reply } from './pm2-protocol.js';

/** What is not said here is pm2's default. */
export interface Pm2App {
  readonly name: string;
  readonly script: string;
  readonly args?: string[];
  readonly instances: number;
  readonly exec_mode: 'fork';
  readonly interpreter?: string;
  readonly autorestart: boolean;
  readonly output: string;
  readonly error: string;
  readonly pmx?: boolean;
  readonly vizion?: boolean;
  readonly treekill?: boolean;
  readonly kill_retry_time?: number;
  readonly kill_timeout?: number;
  readonly wait_ready?: boolean;
  readonly merge_logs?: boolean;
  readonly log_date_format?: string;
}

/** A pm2 daemon with a home folder of its own, which the scope ends and removes. */
export class Pm2 {
  private readonly pending = new Map<number, PromiseWithResolvers<unknown>>();
  private lineListener: ((line: string) => void) | undefined;
  private lastId = 0;

  private constructor(
    private readonly driver: ChildProcess,
    /** Its home folder: `PM2_HOME` of whoever speaks to it. */
    readonly home: string,
  ) {
    driver.on('message', (reply: Pm2Reply) => this.onReply(reply));
    driver.once('exit', () => this.onDriverExit());
  }

  /** Starts the daemon. `settings` are pm2's environment variables. */
  static async start(scope: Scope, settings: NodeJS.ProcessEnv = {}): Promise<Pm2> {
    const home = await scope.folder();
    const env = { ...process.env, PM2_DISABLE_VERSION_CHECK: '1', ...settings, PM2_HOME: home };
    const driver = fork(join(import.meta.dirname, 'pm2-driver.js'), {
      env,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const pm2 = new Pm2(driver, home);
    await scope.defer(() => pm2.end());
    await pm2.call('connect');
    return pm2;
  }

  /** The daemon's process. */
  get pid(): number {
    return Number(readFileSync(join(this.home, 'pm2.pid'), 'utf8'));
  }

  /** Lines of all programs from now on, over pm2's bus. */
  async watch(onLine: (line: string) => void): Promise<void> {
    this.lineListener = onLine;
    await this.call('watch');
  }

  async startApp(app: Pm2App): Promise<void> {
    await this.call('start', app);
  }

  /** Processes of all programs. */
  async pids(): Promise<number[]> {
    return (await this.call('pids')) as number[];
  }

  async stopAll(): Promise<void> {
    await this.call('stop');
  }

  /** As `pm2 reload all` does it. */
  async reloadAll(): Promise<void> {
    await this.call('reload');
  }

  async deleteAll(): Promise<void> {
    await this.call('delete');
  }

  private call(method: Pm2Method, args?: unknown): Promise<unknown> {
    const id = ++this.lastId;
    const answer = Promise.withResolvers<unknown>();
    this.pending.set(id, answer);
    this.driver.send({ id, method, args });
    return within(`pm2 ${method}`, answer.promise);
  }

  private onReply(reply: Pm2Reply): void {
    if ('line' in reply) {
      this.lineListener?.(reply.line);
      return;
    }
    const answer = this.pending.get(reply.id);
    this.pending.delete(reply.id);
    if (reply.error === undefined) answer?.resolve(reply.result);
    else answer?.reject(new Error(`pm2: ${reply.error}`));
  }

  private onDriverExit(): void {
    for (const answer of this.pending.values()) answer.reject(new Error("pm2's client has ended"));
    this.pending.clear();
  }

  private async end(): Promise<void> {
    const daemon = this.daemonPid();
    if (this.driver.connected) {
      const exit = once(this.driver, 'exit');
      this.driver.disconnect();
      await within("the end of pm2's client", exit);
    }
    if (daemon !== undefined) await endDaemon(daemon);
  }

  private daemonPid(): number | undefined {
    try {
      return this.pid;
    } catch {
      return undefined;
    }
  }
}

/** pm2 answers a kill before the daemon is gone; SIGTERM lets one end that did not hear it, with its programs. */
async function endDaemon(pid: number): Promise<void> {
  if (isAlive(pid)) process.kill(pid, 'SIGTERM');
  await waitUntil("pm2's daemon to end", () => !isAlive(pid));
}
