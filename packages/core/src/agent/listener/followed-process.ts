import type { ManagedProcess } from '../../process/managed-process.js';
import type { ProcessState } from '../../process/process-state.js';
import type { KnownProcess, ProcessLife } from './listener-message.js';

/** A process of the agent's launcher, as its listener knows it. */
export class FollowedProcess implements ManagedProcess {
  readonly id: number;
  readonly groupId: number;
  readonly groupCount: number;
  readonly group: string;
  readonly host: string;
  readonly command: string;
  readonly display: string;
  #life: ProcessLife;

  constructor({ id, groupId, groupCount, group, host, command, display, life }: KnownProcess) {
    this.id = id;
    this.groupId = groupId;
    this.groupCount = groupCount;
    this.group = group;
    this.host = host;
    this.command = command;
    this.display = display;
    this.#life = life;
  }

  get state(): ProcessState {
    return this.#life.state;
  }

  get pid(): number | undefined {
    return this.#life.pid;
  }

  get incarnation(): number {
    return this.#life.incarnation;
  }

  get lastSeen(): Date | undefined {
    return this.#life.seenAt === undefined ? undefined : new Date(this.#life.seenAt);
  }

  live(life: ProcessLife): void {
    this.#life = life;
  }

  seen(seenAt: number): void {
    this.#life = { ...this.#life, seenAt };
  }
}
