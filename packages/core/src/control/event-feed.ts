import { packageVersion } from '../agent-channel/package-version.js';
import type { QueueRole } from '../channel/queue-message.js';
import type { Clock } from '../clock/clock.js';
import type { EventBus } from '../events/event-bus.js';
import type { LifecycleEventMap } from '../events/lifecycle-events.js';
import type { EventJournal } from '../event-journal/event-journal.js';
import type {
  ChangeEvent,
  CommandEvent,
  JournalEntry,
  JournalEvent,
  JournalEventType,
  MasterEvent,
  ProcessEvent,
} from '../event-journal/journal-event.js';
import { matches } from '../event-journal/read-events.js';
import type { ManagedProcess } from '../process/managed-process.js';
import type { ProcessExit } from '../process/process-exit.js';
import { frameOf } from './event-stream.js';

/** Characters of an exit's last lines that are kept: a process that crashes again and again would fill the journal. */
const MOST_EVIDENCE = 2048;

/** Told only to those who ask for it by name, and never kept. */
export const PASSING_EVENTS = ['process_created', 'process_running', 'master_running'] as const;

/** Told to all, and kept. */
export const KEPT_EVENTS: readonly JournalEventType[] = [
  'master_starting',
  'master_started',
  'master_stopped',
  'process_started',
  'process_timedout',
  'process_stopped',
  'command',
  'change_started',
  'change_ended',
];

type PassingEvent = (typeof PASSING_EVENTS)[number];

/** Something that happened and is not kept. */
export interface PassingEntry {
  readonly at: string;
  readonly epoch: number;
  readonly type: PassingEvent;
  readonly group?: string;
  readonly id?: number;
  readonly line?: string;
}

export interface EventFilter {
  readonly group?: string;
  /** Default: all that are kept. */
  readonly types?: readonly string[];
}

/** @param entry undefined: it is not kept */
type Listener = (frame: Buffer, entry: JournalEntry | undefined) => void;

export interface EventFeedOptions {
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly epoch: number;
  readonly journal: EventJournal;
  readonly roleOf: (id: number) => QueueRole | undefined;
}

/** All events of a fleet on their way to the journal and to those who follow them. */
export class EventFeed {
  readonly #followers = new Map<Listener, EventFilter>();
  readonly #passing = new Map<PassingEvent, () => void>();

  constructor(private readonly options: EventFeedOptions) {
    const { bus } = options;
    for (const type of ['master_starting', 'master_started', 'master_stopped'] as const)
      bus.on(type, () => this.add(masterEvent(type)));
    bus.on('process_started', ({ process }) => this.add(this.#processEvent('process_started', process)));
    bus.on('process_timedout', ({ process }) => this.add(this.#processEvent('process_timedout', process)));
    bus.on('process_stopped', ({ process, exit }) =>
      this.add({ ...this.#processEvent('process_stopped', process), exit: withLessEvidence(exit) }),
    );
  }

  add(event: JournalEvent): void {
    const entry = this.options.journal.add(event);
    if (this.#followers.size > 0) this.#tell(entry.type, entry, entry);
  }

  command(command: Omit<CommandEvent, 'type'>): void {
    this.add({ type: 'command', ...command });
  }

  change(change: ChangeEvent): void {
    this.add(change);
  }

  /** @returns the function that ends it */
  follow(filter: EventFilter, listener: Listener): () => void {
    this.#followers.set(listener, filter);
    this.#listenToPassing();
    return () => {
      this.#followers.delete(listener);
      this.#listenToPassing();
    };
  }

  #tell(type: string, data: JournalEntry | PassingEntry, entry: JournalEntry | undefined): void {
    let frame: Buffer | undefined;
    for (const [listener, filter] of this.#followers) {
      if (!isWanted(filter, data)) continue;
      frame ??= frameOf(type, data, entry === undefined ? undefined : idOf(entry));
      listener(frame, entry);
    }
  }

  /** Such events cost something as soon as anybody listens. */
  #listenToPassing(): void {
    const wanted = new Set([...this.#followers.values()].flatMap(({ types }) => types ?? []));
    for (const type of PASSING_EVENTS) {
      if (wanted.has(type) && !this.#passing.has(type)) this.#passing.set(type, this.#listenTo(type));
      if (wanted.has(type)) continue;
      this.#passing.get(type)?.();
      this.#passing.delete(type);
    }
  }

  #listenTo(type: PassingEvent): () => void {
    const { bus, clock, epoch } = this.options;
    const listener = (event: LifecycleEventMap[PassingEvent]): void => {
      const process = 'process' in event ? event.process : undefined;
      const line = 'line' in event ? event.line : undefined;
      const who = process === undefined ? {} : { group: process.group, id: process.id };
      const data = { at: clock.date().toISOString(), epoch, type, ...who, ...(line !== undefined && { line }) };
      this.#tell(type, data, undefined);
    };
    bus.on(type, listener);
    return () => bus.off(type, listener);
  }

  #processEvent(type: ProcessEvent['type'], process: ManagedProcess): ProcessEvent {
    const { id, groupId, group, host, display, incarnation, pid } = process;
    const role = this.options.roleOf(id);
    const who = { id, groupId, group, host, display, incarnation };
    return { type, ...who, ...(pid !== undefined && { pid }), ...(role !== undefined && { role }) };
  }
}

/** Of the stream of events: by it a reader that was cut off goes on. */
export function idOf({ epoch, seq }: JournalEntry): string {
  return `${epoch}.${seq}`;
}

function isWanted(filter: EventFilter, data: JournalEntry | PassingEntry): boolean {
  const isPassing = (PASSING_EVENTS as readonly string[]).includes(data.type);
  if (isPassing && filter.types === undefined) return false;
  return matches(data as JournalEntry, filter);
}

function masterEvent(type: MasterEvent['type']): MasterEvent {
  return { type, pid: process.pid, version: packageVersion() };
}

function withLessEvidence(exit: ProcessExit): ProcessExit {
  const { lastLines = [] } = exit;
  let left = MOST_EVIDENCE;
  const first = lastLines.findLastIndex((line) => (left -= Math.min(line.length, MOST_EVIDENCE / 2)) < 0);
  if (lastLines.length === 0) return exit;
  return { ...exit, lastLines: lastLines.slice(first + 1).map((line) => line.slice(0, MOST_EVIDENCE / 2)) };
}
