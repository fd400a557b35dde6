import type { Clock } from '../clock/clock.js';
import type { ManagedProcess } from '../process/managed-process.js';
import type { ProcessRecord } from '../process/process-record.js';
import type { ProcessSpec } from '../process/process-spec.js';
import type { ProcessState } from '../process/process-state.js';

/** A process as listeners see it: always the record of this moment. */
export class ProcessView implements ManagedProcess {
  readonly #spec: ProcessSpec;
  readonly #clock: Clock;
  readonly #record: () => ProcessRecord;

  constructor(spec: ProcessSpec, clock: Clock, record: () => ProcessRecord) {
    this.#spec = spec;
    this.#clock = clock;
    this.#record = record;
  }

  get id(): number {
    return this.#spec.id;
  }

  get groupId(): number {
    return this.#spec.groupId;
  }

  get groupCount(): number {
    return this.#spec.groupCount;
  }

  get group(): string {
    return this.#spec.config.name;
  }

  get host(): string {
    return this.#spec.origin.host;
  }

  get command(): string {
    return this.#spec.config.command;
  }

  get display(): string {
    return this.#spec.origin.display;
  }

  get state(): ProcessState {
    return this.#record().state;
  }

  get pid(): number | undefined {
    return this.#record().pid;
  }

  get incarnation(): number {
    return this.#record().incarnation;
  }

  get lastSeen(): Date | undefined {
    const { seenAt } = this.#record();
    if (seenAt === undefined) return undefined;
    return new Date(this.#clock.date().getTime() - (this.#clock.monotonicMs() - seenAt));
  }
}
