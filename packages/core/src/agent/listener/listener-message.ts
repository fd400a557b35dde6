/*
 * What an agent tells its listener, a program of the application that publishes there the events of the agent's launcher:
 *
 *   agent                         listener
 *         <--------------- ready  has booted
 *   known ----------------------> all that there is; again when that has changed, after messages were dropped, and to the next listener
 *   change, process, master ----> in their order
 *   the channel ends -----------> nothing more will come: it ends
 *
 * One JSON text a line on Node's IPC channel.
 */
import { isRecord } from '../../channel/checks.js';
import type { LifecycleEventName } from '../../events/lifecycle-events.js';
import type { ManagedProcess } from '../../process/managed-process.js';
import type { ProcessExit } from '../../process/process-exit.js';

export type ListenerMessage = KnownMessage | ChangeMessage | ProcessEventMessage | MasterEventMessage;

export interface KnownMessage {
  readonly type: 'known';
  readonly groups: readonly string[];
  readonly processes: readonly KnownProcess[];
}

/** What of a process changes. */
export interface ProcessLife extends Pick<ManagedProcess, 'state' | 'incarnation'> {
  readonly pid?: number;
  /** Milliseconds since 1970. */
  readonly seenAt?: number;
}

export interface KnownProcess extends Omit<ManagedProcess, 'state' | 'incarnation' | 'pid' | 'lastSeen'> {
  readonly life: ProcessLife;
}

/** Something became of a process for which there is no event. */
export interface ChangeMessage {
  readonly type: 'change';
  readonly id: number;
  readonly life: ProcessLife;
}

type NameOf<P extends string> = Extract<LifecycleEventName, `${P}_${string}`>;
export type ProcessEventName = NameOf<'process'>;
export type MasterEventName = NameOf<'master'>;

export interface ProcessEventMessage {
  readonly type: 'process';
  readonly name: ProcessEventName;
  readonly id: number;
  readonly life: ProcessLife;
  readonly line?: string;
  /** With `process_stopped`, and only then. */
  readonly exit?: ProcessExit;
}

export interface MasterEventMessage {
  readonly type: 'master';
  readonly name: MasterEventName;
  /** Processes that were seen since the last one, and when: milliseconds since 1970. */
  readonly seen?: readonly (readonly [id: number, seenAt: number])[];
}

const TYPES: readonly unknown[] = ['known', 'change', 'process', 'master'] satisfies ListenerMessage['type'][];

/** The message, or undefined when it is none of ours. Its fields are not checked: the agent is of our version and made us. */
export function asListenerMessage(value: unknown): ListenerMessage | undefined {
  return isRecord(value) && TYPES.includes(value.type) ? (value as unknown as ListenerMessage) : undefined;
}

/** What a listener says when it is there. */
export const READY = { type: 'ready' } as const;

export function isReady(value: unknown): boolean {
  return isRecord(value) && value.type === READY.type;
}

export function knownProcess(view: ManagedProcess): KnownProcess {
  const { id, groupId, groupCount, group, host, command, display } = view;
  return { id, groupId, groupCount, group, host, command, display, life: lifeOf(view) };
}

export function lifeOf({ state, incarnation, pid, lastSeen }: ManagedProcess): ProcessLife {
  return {
    state,
    incarnation,
    ...(pid !== undefined && { pid }),
    ...(lastSeen !== undefined && { seenAt: lastSeen.getTime() }),
  };
}
