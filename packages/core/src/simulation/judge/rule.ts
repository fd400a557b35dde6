import type { QueueLauncherMessage, QueueSlaveMessage } from '../../channel/queue-message.js';
import type { LogOrigin } from '../../logger/logger.js';
import type { ProcessExit } from '../../process/process-exit.js';
import type { RunFolder } from '../run-directory.js';
import type { SimProcess } from '../machine.js';
import type { Operation } from '../operations.js';
import type { Outcome } from '../sim-fleet.js';
import type { Incarnation, SimRun, Tenancy } from '../sim-run.js';
import type { Truth } from '../truth.js';

/** A lifecycle event that a launcher has published. */
export interface Published {
  readonly run: SimRun;
  readonly name: 'process_created' | 'process_started' | 'process_timedout' | 'process_stopped';
  readonly id: number;
  readonly number: number;
  readonly exit: ProcessExit | undefined;
}

/** What a rule wants to know; see the methods of the judge. */
export interface Rule {
  started?(incarnation: Incarnation): void;
  executed?(incarnation: Incarnation): void;
  asked?(incarnation: Incarnation): void;
  told?(incarnation: Incarnation, message: QueueLauncherMessage): void;
  said?(incarnation: Incarnation, message: QueueSlaveMessage): void;
  published?(event: Published): void;
  opened?(tenancy: Tenancy, epoch: number): void;
  ended?(run: SimRun, exitCode: number, states: ReadonlyMap<number, string>): void;
  operated?(run: SimRun, operation: Operation): void;
  changed?(run: SimRun, outcome: Outcome): void;
  launcherDied?(tenancy: Tenancy): void;
  logged?(run: SimRun, origin: LogOrigin, line: string): void;
  signalled?(process: SimProcess, folder: RunFolder): void;
  tick?(): void;
  finale?(): void;
}

export type Fail = (rule: string, detail: string) => void;
export type RuleMaker = (world: Truth, fail: Fail) => Rule;

/** Deadlines are missed by latencies, but never by more. */
export const SLACK_MS = 150;

/** So long what was asked for may have its effects: stops, starts, boot slots. */
export const AFTERMATH_MS = 15_000;

/** Of a machine that is suspended nobody can know; when it goes on, what is over there ends at once. */
export function isExcepted({ tenancy: { machine } }: Incarnation, now: number): boolean {
  return machine.suspended || now - machine.resumedAt < SLACK_MS;
}

export function list(incarnations: readonly Incarnation[]): string {
  return incarnations.map(({ name, run }) => `${name} of run ${run.number}`).join(', ');
}

/** Nobody has asked this run to end. */
export function goesOn({ master, stoppingSince, killAskedAt, timedOut }: SimRun): boolean {
  return master.alive && stoppingSince === undefined && killAskedAt === undefined && !timedOut;
}

/** What an operator has asked for may be the reason of what happens to it. */
export function isTouched({ run, group }: Incarnation, now: number): boolean {
  const { suspended, quietSince } = run.fleet;
  return suspended.has(group) || now < quietSince + AFTERMATH_MS;
}
