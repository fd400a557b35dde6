import type { LauncherMessage, StartMessage } from '../channel/launcher-message.js';
import { CHANNEL_PROTOCOL } from '../channel/protocol.js';
import type { QueueChannel } from '../channel/queue-message.js';
import type { ReadyMessage, StatsMessage } from '../channel/slave-message.js';
import { DistributedArchitectureError } from '../errors/distributed-architecture-error.js';
import { LONGEST_TIMER_MS } from '../clock/system-clock.js';
import { ChannelLogger } from './channel-logger.js';
import { ChannelSlaveHandler } from './channel-slave-handler.js';
import { killOwnGroup } from './own-group.js';
import { QueueLine } from './queue-line.js';
import { SlaveChannel } from './slave-channel.js';
import { SlaveProtocolError } from './slave-errors.js';
import type { SlaveHandler } from './slave-handler.js';
import { SlaveLease } from './slave-lease.js';
import { Statistics } from './statistics.js';
import { StopRequest } from './stop-request.js';
import { writeAtOnce } from './write-at-once.js';

export interface SlaveRunOptions {
  /**
   * The work itself says when it is ready, by `handler.ready()`; default false: it is ready when it begins. A feeder
   * always says it itself, by `queue.feederReady`.
   */
  readonly manualReady?: boolean;
}

/**
 * A slave's life under its launcher: open, run, close. For a plain script `runSlave` does all three.
 *
 * A stop is asked for by the launcher, by SIGTERM or SIGINT (systemd signals all processes of a unit, not only the
 * master), or by the launcher's death, after which the slave has its `stop_timeout` to end. An agent's slave holds a
 * lease as well: the silence of a launcher that is frozen counts as its death.
 */
export class SlaveSession {
  readonly #stopRequest = new StopRequest();
  readonly #logger: ChannelLogger;
  readonly #channel: SlaveChannel | undefined;
  readonly #started = Promise.withResolvers<StartMessage>();
  readonly #lease = new SlaveLease({ askToStop: () => this.#stopRequest.ask(), kill: killOwnGroup });
  #handler: ChannelSlaveHandler | undefined;
  #queue: QueueLine | undefined;
  #statistics: Statistics | undefined;
  #endPings = (): void => {};
  readonly #launcherPid = process.ppid;
  #exitCode = 0;
  #saidReady = false;
  #saidEnded = false;

  private constructor() {
    this.#channel = SlaveChannel.open({
      received: (message) => this.#receive(message),
      lost: () => this.#onLauncherLost(),
      blocked: () => this.#lease.endIfOver(),
    });
    this.#logger = new ChannelLogger((message) => this.#channel?.send(message));
  }

  /**
   * Waits for the launcher's first message.
   *
   * @returns null when this process was not started by a launcher
   * @throws SlaveProtocolError when the launcher speaks another version of the channel
   */
  static async open(): Promise<SlaveSession | null> {
    const session = new SlaveSession();
    if (session.#channel === undefined) return null;
    session.#listenToSignals();
    session.#keepWhatIsSaid();
    await session.#start();
    return session;
  }

  get handler(): SlaveHandler {
    return this.#handler!;
  }

  /** Whether its launcher hears it: the channel is open, and under an agent the lease is not in doubt. */
  get isHeard(): boolean {
    return this.#channel?.isOpen === true && !this.#lease.inDoubt;
  }

  /** Undefined in a process that is not of a queue group. */
  get queue(): QueueChannel | undefined {
    return this.#queue;
  }

  /**
   * Reports readiness, unless the work does that itself, and runs the slave's work, unless a stop was asked for before;
   * then reports its end.
   *
   * @returns the exit code: 0, or 1 when the work threw; the error is in the launcher's log
   */
  async run(body: (handler: SlaveHandler) => Promise<void>, options: SlaveRunOptions = {}): Promise<number> {
    await this.#lease.check();
    if (options.manualReady !== true) this.#onWorkReady();
    try {
      if (!this.#stopRequest.asked) await body(this.handler);
    } catch (error) {
      // What the user can put right by reading needs no stack.
      this.fail(error instanceof DistributedArchitectureError ? error.message : error, 1);
    }
    this.#sayEnded();
    return this.#exitCode;
  }

  /** Logs an error that ends this process, and keeps its exit code for `close`. */
  fail(error: unknown, exitCode: number): void {
    this.#logger.lastWord(error);
    this.#exitCode = exitCode;
  }

  /** Ends the channel when all records have been sent; from then on it does not keep the program alive. */
  async close(): Promise<void> {
    this.#logger.flush();
    this.#sayEnded();
    this.#statistics?.close();
    this.#endPings();
    this.#lease.close();
    this.#channel?.close();
  }

  #onWorkReady(): void {
    if (this.#queue?.start.role !== 'feeder') this.#sayReady();
  }

  /** An item may take as long as it likes: of a queue group it is the event loop that must not be silent. */
  #sayReady(more: Pick<ReadyMessage, 'adopts'> = {}): void {
    if (this.#saidReady || this.#saidEnded) return;
    this.#saidReady = true;
    this.#channel?.send({ type: 'ready', protocol: CHANNEL_PROTOCOL, ...more });
    if (this.#queue !== undefined) this.#endPings = this.#handler!.keepPinging();
  }

  /** As soon as the work is done: what then takes its time is the program's shutdown, not silence. */
  #sayEnded(): void {
    if (!this.#saidEnded) this.#channel?.send(...this.#lastStatistics(), { type: 'ended', code: this.#exitCode });
    this.#saidEnded = true;
  }

  /** What a consumer has done since the last ones belongs to its counts. */
  #lastStatistics(): StatsMessage[] {
    return this.#queue?.measure() === undefined ? [] : [this.#statistics!.measure(0)];
  }

  async #start(): Promise<void> {
    const start = await this.#started.promise;
    if (start.protocol !== CHANNEL_PROTOCOL) throw new SlaveProtocolError(start.protocol);
    this.#handler = new ChannelSlaveHandler(start, {
      logger: this.#logger.logger,
      stopRequest: this.#stopRequest,
      lease: this.#lease,
      sendPing: () => this.#channel?.send({ type: 'ping' }),
      sayReady: () => this.#onWorkReady(),
    });
    this.#statistics = new Statistics(
      (stats) => this.#sendStatistics(stats),
      undefined,
      () => this.#queue?.measure() ?? {},
    );
  }

  #sendStatistics(stats: StatsMessage): void {
    if (this.#handler?.takePingAlong()) this.#channel?.send({ type: 'ping' }, stats);
    else this.#channel?.send(stats);
  }

  #receive(message: LauncherMessage): void {
    switch (message.type) {
      case 'start':
        return this.#begin(message);
      case 'stop':
        return this.#stopRequest.ask();
      case 'log-credit':
        return this.#logger.grant(message.characters);
      case 'lease':
        return this.#lease.renew(message);
      default:
        return this.#queue?.receive(message);
    }
  }

  /** At once: what the launcher says next may be about the queue. */
  #begin(start: StartMessage): void {
    if (start.queue !== undefined) {
      this.#queue = new QueueLine(start.queue, {
        send: (message) => this.#channel?.send(message),
        feederReady: (adopts) => this.#sayReady({ adopts }),
        waits: (waiting) => this.#channel?.send({ type: 'waiting', waiting }),
        ...(start.leased === true && { lease: this.#lease }),
      });
    }
    this.#started.resolve(start);
  }

  #listenToSignals(): void {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => this.#stopRequest.ask());
  }

  /** An exit or a crash at any moment loses nothing of what was said before. */
  #keepWhatIsSaid(): void {
    writeAtOnce(process.stdout);
    writeAtOnce(process.stderr);
    process.on('exit', () => {
      this.#logger.flush();
      if (this.#lease.inDoubt) killOwnGroup();
    });
  }

  /** Nobody else can end us now: at the latest after `stop_timeout` we end ourselves, and with us what we have started. */
  #onLauncherLost(): void {
    this.#stopRequest.ask();
    const seconds = this.#handler?.groupConfig.stopTimeout ?? 0;
    setTimeout(killOwnGroup, Math.min(seconds * 1000, LONGEST_TIMER_MS)).unref();
    process.on('exit', () => this.#endAsOrphan());
  }

  /** A slave that only closed its channel has a launcher that sees to the rest. */
  #endAsOrphan(): void {
    // A launcher that dies closes its channels a moment before the system gives us another parent.
    const clock = new Int32Array(new SharedArrayBuffer(4));
    for (let i = 0; i < 100 && process.ppid === this.#launcherPid; i++) Atomics.wait(clock, 0, 0, 2);
    if (process.ppid !== this.#launcherPid) killOwnGroup();
  }
}
