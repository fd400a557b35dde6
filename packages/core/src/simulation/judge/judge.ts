import type { QueueLauncherMessage, QueueSlaveMessage } from '../../channel/queue-message.js';
import type { LogOrigin } from '../../logger/logger.js';
import type { RunFolder } from '../run-directory.js';
import type { SimProcess } from '../machine.js';
import type { Operation } from '../operations.js';
import type { Outcome } from '../sim-fleet.js';
import type { Incarnation, SimRun, Tenancy } from '../sim-run.js';
import type { Truth } from '../truth.js';
import { changes } from './changes.js';
import { configured } from './configured.js';
import { consumerCount } from './consumer-count.js';
import { deadlines } from './deadlines.js';
import { dependencies } from './dependencies.js';
import { exitCodes } from './exit-codes.js';
import { exits } from './exits.js';
import { giveUp } from './give-up.js';
import { lines } from './lines.js';
import { nothingLeft } from './nothing-left.js';
import { oneLife } from './one-life.js';
import { queueDeadlines } from './queue-deadlines.js';
import { queueNotices } from './queue-notices.js';
import { queueOrder } from './queue-order.js';
import { restarts } from './restarts.js';
import type { Published, Rule } from './rule.js';
import { shards } from './shards.js';
import { stopEnds } from './stop-ends.js';
import { suspension } from './suspension.js';

/** A rule that was broken. */
export interface Violation {
  readonly rule: string;
  readonly detail: string;
  readonly atMs: number;
}

/** Watches what really happens and what launchers say of it; knows nothing of what they think. The first violation counts. */
export class Judge {
  violation: Violation | undefined;
  readonly #rules: readonly Rule[];

  constructor(private readonly world: Truth) {
    const fail = (rule: string, detail: string): void => this.#fail(rule, detail);
    const makers = [oneLife, exits, nothingLeft, deadlines, stopEnds, giveUp, restarts, dependencies, exitCodes, lines];
    if (world.schedule.queues.length > 0) makers.push(queueOrder, queueNotices, queueDeadlines, consumerCount);
    if (world.schedule.operations.length > 0) makers.push(suspension, shards, changes, configured);
    this.#rules = makers.map((make) => make(world, fail));
  }

  /** The host was asked to start it. */
  started(incarnation: Incarnation): void {
    for (const rule of this.#rules) rule.started?.(incarnation);
  }

  /** Its program runs. */
  executed(incarnation: Incarnation): void {
    this.world.note(() => `${incarnation.name} of run ${incarnation.run.number} runs`);
    for (const rule of this.#rules) rule.executed?.(incarnation);
  }

  /** Its launcher has asked it to stop. */
  asked(incarnation: Incarnation): void {
    for (const rule of this.#rules) rule.asked?.(incarnation);
  }

  /** A launcher tells a process about its queue group. */
  told(incarnation: Incarnation, message: QueueLauncherMessage): void {
    for (const rule of this.#rules) rule.told?.(incarnation, message);
  }

  /** A launcher has heard of a process about its queue group. */
  said(incarnation: Incarnation, message: QueueSlaveMessage): void {
    for (const rule of this.#rules) rule.said?.(incarnation, message);
  }

  published(event: Published): void {
    for (const rule of this.#rules) rule.published?.(event);
  }

  /** A launcher has a machine, and nothing of an earlier one should be left there. */
  opened(tenancy: Tenancy, epoch: number): void {
    const { run, launcher } = tenancy;
    this.world.note(() => `${launcher.name} has machine ${launcher.machine.name}, epoch ${epoch}`);
    if (tenancy === run.home) Object.assign(run, { openedAt: this.world.now, epoch });
    for (const rule of this.#rules) rule.opened?.(tenancy, epoch);
  }

  /** Somebody asks a master for something; a change is the only one then. */
  operated(run: SimRun, operation: Operation): void {
    run.fleet.operated(operation, this.world.now);
    for (const rule of this.#rules) rule.operated?.(run, operation);
  }

  /** What was asked for last was refused at once. */
  refused(run: SimRun): void {
    run.fleet.refused();
  }

  /** The change that was under way is over. */
  changed(run: SimRun, outcome: Outcome): void {
    this.world.note(() => `${run.fleet.change?.operation.type} is over: ${JSON.stringify(outcome)}`);
    for (const rule of this.#rules) rule.changed?.(run, outcome);
    run.fleet.changed(outcome, this.world.now);
  }

  /** A change was not refused though another one was under way. */
  admittedSecond({ type }: Operation): void {
    this.#fail('one-change', `a second change is not refused: ${type}`);
  }

  ended(run: SimRun, exitCode: number, states: ReadonlyMap<number, string>): void {
    this.world.note(() => `${run.master.name} has ended with code ${exitCode}`);
    run.exitCode = exitCode;
    for (const rule of this.#rules) rule.ended?.(run, exitCode, states);
  }

  launcherDied(tenancy: Tenancy): void {
    for (const rule of this.#rules) rule.launcherDied?.(tenancy);
  }

  masterSaid(run: SimRun, message: string): void {
    if (message === 'Stopping...') run.stoppingSince ??= this.world.now;
    if (message === 'Connected to host') run.linkedSince = this.world.now;
    if (/^Connection to host lost|connection failed/.test(message)) run.linkedSince = undefined;
    if (message.startsWith('Timeout waiting for content')) run.timedOut = true;
    if (message.includes('left behind')) run.abandoned = true;
  }

  logged(run: SimRun, origin: LogOrigin, line: string): void {
    for (const rule of this.#rules) rule.logged?.(run, origin, line);
  }

  /** Whoever cleans up a run signals a process. */
  signalled(process: SimProcess, folder: RunFolder): void {
    this.world.note(() => `${process.name} is ended for run ${folder.number}`);
    for (const rule of this.#rules) rule.signalled?.(process, folder);
  }

  /** Time has passed. */
  tick(): void {
    for (const rule of this.#rules) rule.tick?.();
  }

  /** All is over. */
  finale(): void {
    for (const rule of this.#rules) rule.finale?.();
  }

  crashed(error: unknown): void {
    this.#fail('no-crash', error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  endless(): void {
    this.#fail('stop-ends', 'the schedule does not come to an end');
  }

  #fail(rule: string, detail: string): void {
    this.world.note(() => `VIOLATION of ${rule}: ${detail}`);
    this.violation ??= { rule, detail, atMs: this.world.now };
  }
}
