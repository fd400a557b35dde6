import type { Clock } from '../../clock/clock.js';
import type { EventBus } from '../../events/event-bus.js';
import type { LifecycleEventMap } from '../../events/lifecycle-events.js';
import type { LogLevel } from '../../logger/logger.js';
import type { ManagedProcess } from '../../process/managed-process.js';
import type { ProcessState } from '../../process/process-state.js';
import { ListenerKeeper, type StartListener } from './listener-keeper.js';
import {
  knownProcess,
  lifeOf,
  type KnownMessage,
  type MasterEventName,
  type ProcessEventName,
} from './listener-message.js';

export interface EventFeedOptions {
  readonly bus: EventBus;
  /** By their ids. */
  readonly views: ReadonlyMap<number, ManagedProcess>;
  readonly start: StartListener;
  readonly clock: Clock;
  readonly log: (level: LogLevel, message: string) => void;
}

const NOT_YET_STARTED: readonly ProcessState[] = ['created', 'waiting'];

/** Tells a listener the events of an agent's launcher. */
export class EventFeed {
  readonly #views: Map<number, ManagedProcess>;
  readonly #clock: Clock;
  readonly #keeper: ListenerKeeper;
  /** Those that the master has wanted to run before all was started. */
  readonly #due = new Set<number>();
  #allStarted = false;
  #beatAt = 0;

  constructor({ bus, views, start, clock, log }: EventFeedOptions) {
    this.#views = new Map(views);
    this.#clock = clock;
    this.#keeper = new ListenerKeeper({ start, clock, log, introduce: () => this.#introduce() });
    this.#listen(bus);
    this.#master('master_starting');
  }

  /** There are more. Comes before any event that is about them. */
  add(views: readonly ManagedProcess[]): void {
    for (const view of views) this.#views.set(view.id, view);
    this.#keeper.send(this.#introduce());
  }

  /** There is no such process any more. */
  forget({ id }: ManagedProcess): void {
    this.#views.delete(id);
    this.#due.delete(id);
    this.#keeper.send(this.#introduce());
  }

  /** The master wants it to run. */
  wanted(id: number): void {
    if (!this.#allStarted) this.#due.add(id);
  }

  /** Something became of it without an event. */
  changed(id: number): void {
    const view = this.#views.get(id);
    if (view !== undefined) this.#keeper.send({ type: 'change', id, life: lifeOf(view) });
  }

  /** Once a second. */
  beat(): void {
    this.#lookWhetherAllStarted();
    const since = this.#beatAt;
    this.#beatAt = this.#clock.date().getTime();
    const seen = [...this.#views.values()].flatMap(({ id, lastSeen }) => {
      const at = lastSeen?.getTime();
      return at === undefined || at < since ? [] : [[id, at] as const];
    });
    this.#keeper.send({ type: 'master', name: 'master_running', seen });
  }

  /** The lease is over: the watchdog may kill what it finds. */
  hold(): void {
    this.#keeper.hold();
  }

  release(): void {
    this.#keeper.release();
  }

  /** All has ended. Resolves when the listener has, too. */
  end(): Promise<void> {
    this.#master('master_stopped');
    return this.#keeper.end();
  }

  #listen(bus: EventBus): void {
    const names = [
      'process_created',
      'process_started',
      'process_running',
      'process_stopped',
      'process_timedout',
    ] as const;
    for (const name of names) bus.on(name, (event) => this.#process(name, event));
  }

  #process(name: ProcessEventName, event: LifecycleEventMap[ProcessEventName]): void {
    this.#keeper.send({
      type: 'process',
      name,
      id: event.process.id,
      life: lifeOf(event.process),
      ...('line' in event && { line: event.line }),
      ...('exit' in event && { exit: event.exit }),
    });
    if (name === 'process_started' || name === 'process_stopped') this.#lookWhetherAllStarted();
  }

  #lookWhetherAllStarted(): void {
    if (this.#allStarted || [...this.#due].some((id) => this.#isYetToStart(id))) return;
    this.#allStarted = true;
    this.#due.clear();
    this.#master('master_started');
  }

  #isYetToStart(id: number): boolean {
    const view = this.#views.get(id);
    return view === undefined || NOT_YET_STARTED.includes(view.state);
  }

  #master(name: MasterEventName): void {
    this.#keeper.send({ type: 'master', name });
  }

  #introduce(): KnownMessage {
    const views = [...this.#views.values()];
    const groups = [...new Set(views.map(({ group }) => group))];
    return { type: 'known', groups, processes: views.map(knownProcess) };
  }
}
