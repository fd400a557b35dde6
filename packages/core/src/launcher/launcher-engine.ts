import { availableParallelism } from 'node:os';
import { CHANNEL_PROTOCOL } from '../channel/protocol.js';
import { SystemClock } from '../clock/system-clock.js';
import type { Clock } from '../clock/clock.js';
import type { GroupOptions } from '../config/group-config.js';
import type { EventBus } from '../events/event-bus.js';
import {
  MasterRunningEvent,
  MasterStartedEvent,
  MasterStartingEvent,
  MasterStoppedEvent,
  type LauncherView,
} from '../events/lifecycle-events.js';
import { LocalHost } from '../local/local-host.js';
import { MASTER_ORIGIN } from '../logger/log-text.js';
import type { LogSink } from '../logger/logger.js';
import { toLogSink } from '../logger/to-log-sink.js';
import type { ManagedProcess } from '../process/managed-process.js';
import type { ProcessEffect, ProcessEvent } from '../process/process-machine.js';
import type { ProcessHost } from '../process/process-host.js';
import { listProcesses, type ProcessSpec } from '../process/process-spec.js';
import { Alarm } from './alarm.js';
import { decide, type LauncherEffect, type LauncherEvent } from './launcher-machine.js';
import { LAUNCHER_DEFAULTS, type LauncherOptions, type RunResult } from './launcher-options.js';
import { createState, nextDeadline, type LauncherState } from './launcher-state.js';
import { ReadingGate } from './reading-gate.js';
import { SupervisedProcess } from './supervised-process.js';

const HEARTBEAT_MS = 1000;

/** Enough to keep a processor busy while one of them waits for its disk. */
const BOOTS_PER_PROCESSOR = 2;

/**
 * The main loop of a launcher: one mailbox of events, one decision at a time, effects carried out in their order. What
 * effects cause comes back through the mailbox, so that the state has one writer.
 */
export class LauncherEngine {
  readonly sink: LogSink;
  readonly groups: readonly string[];
  readonly processes: readonly ManagedProcess[];
  readonly #clock: Clock;
  readonly #state: LauncherState;
  readonly #supervised: ReadonlyMap<number, SupervisedProcess>;
  readonly #alarm: Alarm;
  readonly #gate: ReadingGate;
  readonly #mailbox: LauncherEvent[] = [];
  #draining = false;
  #cancelHeartbeat = (): void => {};
  #abandonFlush = (): void => {};
  #finish = (_result: RunResult): void => {};

  constructor(
    groups: readonly GroupOptions[],
    options: LauncherOptions,
    private readonly view: LauncherView,
    private readonly bus: EventBus,
  ) {
    const specs = listProcesses(groups);
    this.#clock = options.clock ?? new SystemClock();
    this.sink = toLogSink(options.logger);
    this.groups = groups.map(({ name }) => name);
    this.#state = createState(specs, limitsOf(options));
    this.#gate = new ReadingGate(this.sink, (paused) => this.#onGate(paused));
    this.#supervised = this.#superviseAll(specs, options.host ?? new LocalHost());
    this.processes = [...this.#supervised.values()].map((each) => each.view);
    this.#alarm = new Alarm(this.#clock, () => this.#post({ type: 'tick' }));
  }

  async run(): Promise<RunResult> {
    const finished = new Promise<RunResult>((resolve) => (this.#finish = resolve));
    this.bus.publish('master_starting', new MasterStartingEvent(this.view));
    for (const each of this.#supervised.values()) each.publishCreated();
    this.#cancelHeartbeat = this.#clock.setTimer(HEARTBEAT_MS, () => this.#heartbeat());
    this.#post({ type: 'run' });
    const result = await finished;
    await this.#flush();
    this.bus.publish('master_stopped', new MasterStoppedEvent(this.view));
    return result;
  }

  stop(): void {
    this.#post({ type: 'stop' });
  }

  kill(): void {
    this.#post({ type: 'kill' });
    this.#abandonFlush();
  }

  #superviseAll(specs: readonly ProcessSpec[], host: ProcessHost): ReadonlyMap<number, SupervisedProcess> {
    const shared = {
      host,
      clock: this.#clock,
      sink: this.sink,
      bus: this.bus,
      gate: this.#gate,
      start: { protocol: CHANNEL_PROTOCOL, epoch: this.#clock.date().getTime() },
      record: (id: number) => this.#state.processes.get(id)!,
      post: (id: number, event: ProcessEvent) => this.#post({ type: 'process', id, event }),
    };
    return new Map(specs.map((spec) => [spec.id, new SupervisedProcess(spec, shared)]));
  }

  #post(event: LauncherEvent): void {
    this.#mailbox.push(event);
    if (!this.#draining) this.#drain();
  }

  #drain(): void {
    this.#draining = true;
    for (let event = this.#mailbox.shift(); event !== undefined; event = this.#mailbox.shift()) {
      const context = { now: this.#clock.monotonicMs(), random: Math.random };
      for (const effect of decide(this.#state, event, context)) this.#carryOut(effect);
    }
    this.#draining = false;
    this.#alarm.set(nextDeadline(this.#state));
  }

  #carryOut(effect: LauncherEffect): void {
    switch (effect.type) {
      case 'process':
        return this.#toProcess(effect.id, effect.effect);
      case 'log':
        return this.sink.write(MASTER_ORIGIN, effect.level, effect.message);
      case 'publish':
        return this.bus.publish('master_started', new MasterStartedEvent(this.view));
      case 'finish':
        return this.#end(effect.exitCode);
    }
  }

  #toProcess(id: number, effect: ProcessEffect): void {
    this.#supervised.get(id)!.carryOut(effect);
  }

  #onGate(paused: boolean): void {
    for (const each of this.#supervised.values()) each.pauseReading(paused);
    this.#post({ type: paused ? 'reading-paused' : 'reading-resumed' });
  }

  #heartbeat(): void {
    this.#cancelHeartbeat = this.#clock.setTimer(HEARTBEAT_MS, () => this.#heartbeat());
    for (const each of this.#supervised.values()) each.flushRunning();
    this.bus.publish('master_running', new MasterRunningEvent(this.view));
  }

  #end(exitCode: number): void {
    this.#cancelHeartbeat();
    this.#alarm.cancel();
    this.#finish({ exitCode });
  }

  /** Whoever is to read our output and does not holds up the end of the run only until its timeout, or until a kill. */
  async #flush(): Promise<void> {
    const { timeoutMs } = this.#state.limits;
    const abandoned = new Promise<void>((resolve) => (this.#abandonFlush = resolve));
    const cancel = timeoutMs === 0 ? () => {} : this.#clock.setTimer(timeoutMs, this.#abandonFlush);
    await Promise.race([this.sink.flush(), abandoned]);
    cancel();
  }
}

function limitsOf(options: LauncherOptions): LauncherState['limits'] {
  return {
    timeoutMs: (options.timeout ?? LAUNCHER_DEFAULTS.timeout) * 1000,
    maxRunningTimeMs: (options.maxRunningTime ?? LAUNCHER_DEFAULTS.maxRunningTime) * 1000,
    maxProcessTimeout: options.maxProcessTimeout ?? LAUNCHER_DEFAULTS.maxProcessTimeout,
    bootSlots: BOOTS_PER_PROCESSOR * availableParallelism(),
  };
}
