import { leaseMessage } from '../channel/lease-message.js';
import type { StartMessage } from '../channel/launcher-message.js';
import { LOG_BACKLOG, LOG_CREDIT } from '../channel/protocol.js';
import type { QueueLauncherMessage, QueueSlaveMessage, QueueStart } from '../channel/queue-message.js';
import { QUEUE_SPEAKERS } from '../channel/queue-speakers.js';
import { parseSlaveMessage, type LogMessage, type ReadyMessage, type SlaveMessage } from '../channel/slave-message.js';
import type { Clock } from '../clock/clock.js';
import type { EventBus } from '../events/event-bus.js';
import type { LogLevel, LogSink } from '../logger/logger.js';
import { measureOf, megabytes } from '../metrics/measure-of.js';
import type { ProcessMeasure } from '../metrics/process-measure.js';
import { ProcessorShare } from '../metrics/processor-share.js';
import type { ManagedProcess } from '../process/managed-process.js';
import type { ProcessEffect, ProcessEvent } from '../process/process-decision.js';
import type { HostedProcess, ProcessHost, ProcessListener } from '../process/process-host.js';
import type { ProcessRecord } from '../process/process-record.js';
import type { ProcessSpec } from '../process/process-spec.js';
import type { QueueNotice } from './launcher-decision.js';
import { ProcessEvents } from './process-events.js';
import { ProcessView } from './process-view.js';
import { LastLines } from './last-lines.js';
import type { ReadingGate } from './reading-gate.js';
import type { Supervised } from './supervised.js';

/** Credit for log records is granted again in portions of this many characters. */
const CREDIT_PORTION = 65_536;

/** All that a slave of ours may hold back. */
const MOST_OVERDRAWN = LOG_BACKLOG + LOG_CREDIT;

/** So many messages that are none of ours are logged for an incarnation: whoever sends them may send them for ever. */
const MOST_IGNORED = 100;

/** So many characters of each are shown. */
const EXCERPT = 200;

/** What all supervised processes of a launcher share. */
export interface Supervision {
  readonly host: ProcessHost;
  readonly clock: Clock;
  readonly sink: LogSink;
  readonly bus: EventBus;
  readonly gate: ReadingGate;
  /** Seconds for which an agent's lease still holds; a master has none. */
  readonly lease: () => number | undefined;
  readonly start: () => Pick<StartMessage, 'protocol' | 'epoch'>;
  /** What an incarnation is told of its queue group, where it has one. */
  readonly queueStart: (spec: ProcessSpec, incarnation: number) => QueueStart | undefined;
  readonly queueMessage: (notice: QueueNotice) => QueueLauncherMessage;
  readonly record: (id: number) => ProcessRecord;
  readonly post: (id: number, event: ProcessEvent) => void;
  readonly measured: (id: number, incarnation: number, measure: ProcessMeasure) => void;
  readonly postToQueue: (id: number, message: QueueSlaveMessage) => void;
}

/** The effects of one process, and what happens to its incarnations: between the launcher's mailbox and a host. */
export class SupervisedProcess implements Supervised {
  readonly view: ManagedProcess;
  readonly events: ProcessEvents;
  #hosted: HostedProcess | undefined;
  /** Characters of log records that were written but not granted again. */
  #owedCredit = 0;
  /** Characters of log records that it may still send. */
  #credit = LOG_CREDIT;
  #ignored = 0;
  readonly #lastLines = new LastLines();
  readonly #processor = new ProcessorShare();

  constructor(
    readonly spec: ProcessSpec,
    private readonly shared: Supervision,
  ) {
    this.view = new ProcessView(spec, shared.clock, () => shared.record(spec.id));
    this.events = new ProcessEvents(this.view, shared.bus, shared.clock);
  }

  carryOut(effect: ProcessEffect): void {
    switch (effect.type) {
      case 'spawn':
        return this.#spawn();
      case 'ask-to-stop':
        return this.#askToStop();
      case 'kill':
        return this.#hosted?.kill();
      case 'log':
        return this.#log(effect.level, effect.message);
      case 'publish':
        return this.events.publish(effect);
      default:
        // Of a process under an agent.
        return;
    }
  }

  tell(notice: QueueNotice): void {
    this.#hosted?.send(this.shared.queueMessage(notice));
  }

  pauseReading(paused: boolean): void {
    if (paused) return this.#hosted?.pauseReading();
    this.#hosted?.resumeReading();
    this.#grantCredit();
  }

  measure(): void {
    const rssBytes = this.#hosted?.residentBytes();
    if (rssBytes === undefined) return;
    this.#post({ type: 'measured', rssBytes });
    this.#measured({ rss: megabytes(rssBytes), ...this.#programShare() });
  }

  /** An agent passes its lease on to its slaves. */
  renewLease(seconds: number): void {
    this.#hosted?.send(leaseMessage(seconds));
  }

  #spawn(): void {
    this.#owedCredit = 0;
    this.#credit = LOG_CREDIT;
    this.#ignored = 0;
    this.#lastLines.clear();
    this.#processor.clear();
    const { incarnation } = this.shared.record(this.spec.id);
    try {
      this.#hosted = this.shared.host.start(this.spec, incarnation, this.#listener());
    } catch (error) {
      // Arguments that cannot be passed on, such as a command with a NUL byte, throw at once.
      return this.#post({ type: 'spawn-failed', error: (error as Error).message });
    }
    if (this.shared.gate.closed) this.#hosted.pauseReading();
  }

  #listener(): ProcessListener {
    return {
      spawned: (pid) => this.#onSpawned(pid),
      spawnFailed: (error) => this.#post({ type: 'spawn-failed', error }),
      said: (level, lines) => this.#onLines(level, lines),
      received: (message) => this.#onMessage(message),
      warned: (message) => this.#log('warn', message),
      exited: (code, signal) => this.#onExited(code, signal),
    };
  }

  /** What is decided about it may be told to it: `start` comes first. */
  #onSpawned(pid: number): void {
    const lease = this.shared.lease();
    this.#hosted?.send(this.#startMessage());
    if (lease !== undefined) this.renewLease(lease);
    this.#post({ type: 'spawned', pid });
  }

  #startMessage(): StartMessage {
    const { id, groupId, groupCount, config } = this.spec;
    const { incarnation } = this.shared.record(id);
    const queue = this.shared.queueStart(this.spec, incarnation);
    const ids = { id, groupId, groupCount, incarnation };
    const leased = this.shared.lease() === undefined ? {} : { leased: true };
    return { type: 'start', ...this.shared.start(), ...ids, config, ...(queue && { queue }), ...leased };
  }

  #onLines(level: LogLevel, lines: string): void {
    this.shared.sink.writeLines(this.spec.origin, level, lines);
    this.#lastLines.add(lines);
    this.#seen();
    this.events.said(lines);
    this.shared.gate.check();
  }

  #onMessage(value: unknown): void {
    const message = parseSlaveMessage(value);
    if (message === undefined) return this.#ignore(value);
    this.#react(message);
  }

  #ignore(value: unknown): void {
    if (++this.#ignored > MOST_IGNORED) return;
    this.#log('warn', `Ignored a message that is none of ours: ${excerpt(value)}`);
    if (this.#ignored === MOST_IGNORED) this.#log('warn', 'Further messages that are none of ours are not logged');
  }

  #react(message: SlaveMessage): void {
    switch (message.type) {
      case 'ready':
        return this.#onReady(message);
      case 'waiting':
        // Nobody else has a port to wait for.
        if (this.spec.queue?.role !== 'feeder') return;
        return this.#post({ type: 'waiting', waiting: message.waiting });
      case 'ping':
        return this.#onSign(undefined);
      case 'log':
        return this.#onLog(message);
      case 'stats':
        this.#post({ type: 'measured', rssBytes: message.rss });
        return this.#measured(measureOf(message));
      case 'ended':
        return this.#post({ type: 'ended', code: message.code });
      default:
        return this.#onQueue(message);
    }
  }

  #onReady({ protocol, adopts }: ReadyMessage): void {
    const ours = this.shared.start().protocol;
    if (protocol === ours) return this.#post({ type: 'ready', ...(adopts !== undefined && { adopts }) });
    this.#log('error', `Speaks version ${protocol} of the channel, not ${ours}: not supported`);
    this.#hosted?.kill();
  }

  #onQueue(message: QueueSlaveMessage): void {
    if (this.spec.queue?.role !== QUEUE_SPEAKERS[message.type]) return this.#ignore(message);
    this.#seen();
    this.shared.postToQueue(this.spec.id, message);
  }

  /**
   * Our own slaves keep to their credit, but for what they hold when they end; what another sends beyond it while the log
   * is full would fill our memory.
   */
  #onLog({ level, message, context }: LogMessage): void {
    if (this.#credit < -MOST_OVERDRAWN) return this.#ignore('a log record beyond its credit');
    this.#credit -= message.length;
    this.shared.sink.write(this.spec.origin, level, message, context);
    this.#lastLines.add(`${message}\n`);
    this.#onSign(message);
    this.#owedCredit += message.length;
    this.shared.gate.check();
    this.#grantCredit();
  }

  #grantCredit(): void {
    if (this.#owedCredit < CREDIT_PORTION || this.shared.gate.closed) return;
    this.#hosted?.send({ type: 'log-credit', characters: this.#owedCredit });
    this.#credit += this.#owedCredit;
    this.#owedCredit = 0;
  }

  #onSign(line: string | undefined): void {
    this.#seen();
    this.events.seen(line);
  }

  #seen(): void {
    this.#post({ type: 'seen' });
  }

  #onExited(code: number | null, signal: NodeJS.Signals | null): void {
    this.#hosted = undefined;
    this.#post({ type: 'exited', code, signal, lastLines: this.#lastLines.take() });
  }

  /** A program without a channel knows nothing but signals. */
  #askToStop(): void {
    this.#hosted?.send({ type: 'stop' });
    if (this.spec.config.console === false) this.#hosted?.terminate();
  }

  #measured(measure: ProcessMeasure): void {
    this.shared.measured(this.spec.id, this.shared.record(this.spec.id).incarnation, measure);
  }

  /** A slave tells it itself. */
  #programShare(): Pick<ProcessMeasure, 'cpu'> {
    const usedMs = this.spec.config.console === false ? this.#hosted?.processorMs?.() : undefined;
    const cpu = usedMs === undefined ? undefined : this.#processor.of(usedMs, this.shared.clock.monotonicMs());
    return cpu === undefined ? {} : { cpu };
  }

  #post(event: ProcessEvent): void {
    this.shared.post(this.spec.id, event);
  }

  #log(level: LogLevel, message: string): void {
    this.shared.sink.write(this.spec.origin, level, message);
  }
}

function excerpt(value: unknown): string {
  const short = typeof value === 'string' ? value.slice(0, EXCERPT) : value;
  try {
    return (JSON.stringify(short) ?? String(short)).slice(0, EXCERPT);
  } catch {
    // It can be read however deep it is, but not written again.
    return 'something nested too deeply';
  }
}
