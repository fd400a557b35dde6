import type { AgentSpec, Wanted } from '../agent-channel/terms.js';
import type { ProcessChange } from '../process/process-change.js';
import type { ProcessExit } from '../process/process-exit.js';
import type { ProcessSpec } from '../process/process-spec.js';

/** How an incarnation ended of which only that is known. */
const LOST: ProcessExit = { code: null, signal: null, reason: 'lost', forced: false };

/**
 * Incarnations of which nobody may ever tell: while a host was out of sight its agent may have started a process again,
 * before its lease ended, and the next agent counts on from what the master knows. No number is given twice.
 */
const UNSEEN_INCARNATIONS = 1000;

/** What is known of one process on a host. */
interface Entry {
  readonly spec: ProcessSpec;
  /** The agent's last word about it, without its event. */
  heard: ProcessChange;
  /** That of the last event. */
  incarnation: number;
  /** Later ones may have lived and died unseen. */
  unseen: boolean;
  /** Its start was told and its exit was not. */
  live: boolean;
  /** It was told unreachable. */
  away: boolean;
  wanted: Wanted | undefined;
  /** It ended for good while it was wanted: no agent is to start it again. */
  ended: boolean;
}

/**
 * What the launcher was told of the processes of a host: every start once and every exit once, whoever knows of it, the
 * agent or the fence.
 */
export class HostLedger {
  readonly #entries: ReadonlyMap<number, Entry>;
  readonly #cleared = new Map<number, number>();
  readonly #tell: (change: ProcessChange) => void;
  /** Something of ours may live on the host. */
  #occupied = false;
  #isCut = false;

  constructor(specs: readonly ProcessSpec[], tell: (change: ProcessChange) => void) {
    this.#entries = new Map(specs.map((spec) => [spec.id, newEntry(spec)]));
    this.#tell = tell;
  }

  has(id: number): boolean {
    return this.#entries.has(id);
  }

  /** What a new agent has to know; it counts incarnations on from those that were told. */
  get specs(): AgentSpec[] {
    return this.#all.map(({ spec, incarnation, unseen }) => ({
      spec,
      firstIncarnation: incarnation + 1 + (unseen ? UNSEEN_INCARNATIONS : 0),
    }));
  }

  get wanted(): Record<number, Wanted> {
    const told = this.#all.filter((each) => each.wanted !== undefined && !each.ended && !this.#isHeldBack(each));
    return Object.fromEntries(told.map(({ spec, wanted }) => [spec.id, wanted!]));
  }

  /** Of feeders: up to which incarnation nobody owes them anything. */
  get cleared(): Record<number, number> {
    return Object.fromEntries(this.#cleared);
  }

  clear(id: number, incarnation: number): void {
    this.#cleared.set(id, Math.max(incarnation, this.#cleared.get(id) ?? 0));
  }

  want(wanted: ReadonlyMap<number, Wanted>): void {
    for (const entry of this.#all) {
      const before = entry.wanted;
      entry.wanted = wanted.get(entry.spec.id);
      if (entry.wanted === 'run' && before !== 'run') this.#wantAgain(entry);
      // What ends from now on ends at our wish, and may be wanted again.
      if (entry.wanted !== 'run') entry.ended = false;
    }
    if (!this.#occupied) this.#stopUnwanted();
  }

  /** The agent's word, in the order in which things happened. */
  hear(change: ProcessChange): void {
    const entry = this.#entries.get(change.id);
    if (entry === undefined) return;
    const news = isNews(entry, change);
    if (news && change.published === 'process_started' && entry.live) this.#tellLost(entry);
    if (news) keepCount(entry, change);
    entry.heard = withoutEvent(change);
    entry.ended = isOver(entry) && entry.wanted === 'run';
    this.#tell(news ? change : entry.heard);
  }

  /** Nobody knows what happens there. */
  cut(): void {
    this.#isCut = true;
    for (const entry of this.#all.filter((each) => !isOver(each) && (each.live || each.wanted === 'run'))) {
      entry.away = true;
      this.#tell({ ...entry.heard, state: 'unreachable' });
    }
  }

  /** An agent is there, and from now on may have processes of ours. */
  back(): void {
    this.#occupied = true;
    this.#isCut = false;
    for (const entry of this.#all.filter(({ away }) => away)) {
      entry.away = false;
      this.#tell(entry.heard);
    }
  }

  /** Nothing of ours lives there any more. */
  lost(): void {
    for (const entry of this.#all.filter((each) => !isOver(each))) {
      if (entry.live) this.#tellLost(entry);
      entry.unseen = entry.incarnation > 0;
      entry.heard = { id: entry.spec.id, state: 'created', incarnation: entry.incarnation };
    }
    // Not before all exits were told: who learns of one may want something at once.
    this.#occupied = false;
    this.#stopUnwanted();
  }

  get #all(): Entry[] {
    return [...this.#entries.values()];
  }

  /** A feeder that has run does not run again before it is cleared; an agent that knows of it waits by itself. */
  #isHeldBack({ spec, wanted, incarnation }: Entry): boolean {
    return spec.queue?.role === 'feeder' && wanted === 'run' && (this.#cleared.get(spec.id) ?? 0) < incarnation;
  }

  /** What has stopped will run again, as soon as its agent can be told. */
  #wantAgain(entry: Entry): void {
    if (entry.heard.state === 'stopped') {
      entry.heard = { id: entry.spec.id, state: 'created', incarnation: entry.incarnation };
    }
    if (!this.#isCut || entry.away || isOver(entry)) return;
    entry.away = true;
    this.#tell({ ...entry.heard, state: 'unreachable' });
  }

  #tellLost(entry: Entry): void {
    entry.live = false;
    entry.away = true;
    const { incarnation, spec } = entry;
    this.#tell({ id: spec.id, state: 'unreachable', incarnation, published: 'process_stopped', exit: LOST });
  }

  /** Where nothing lives, what is not to run has stopped. */
  #stopUnwanted(): void {
    for (const entry of this.#all) {
      if (isOver(entry) || entry.wanted === undefined || entry.wanted === 'run') continue;
      entry.away = false;
      entry.heard = { id: entry.spec.id, state: 'stopped', incarnation: entry.incarnation };
      this.#tell(entry.heard);
    }
  }
}

function newEntry(spec: ProcessSpec): Entry {
  const heard: ProcessChange = { id: spec.id, state: 'created', incarnation: 0 };
  return { spec, heard, incarnation: 0, unseen: false, live: false, away: false, wanted: undefined, ended: false };
}

function isOver({ heard }: Entry): boolean {
  return heard.state === 'stopped' || heard.state === 'failed';
}

/** Of an incarnation that was lost, the agent may come and tell the end once more; what could not be started only ends. */
function isNews({ incarnation, live }: Entry, change: ProcessChange): boolean {
  if (change.published === undefined) return false;
  const known = live && change.incarnation === incarnation;
  const later = change.incarnation > incarnation;
  switch (change.published) {
    case 'process_started':
      return later;
    case 'process_timedout':
      return known;
    case 'process_stopped':
      return known || later;
  }
}

function keepCount(entry: Entry, { published, incarnation }: ProcessChange): void {
  entry.incarnation = incarnation;
  entry.unseen = false;
  if (published === 'process_started') entry.live = true;
  if (published === 'process_stopped') entry.live = false;
}

function withoutEvent({ id, state, pid, incarnation, adopts }: ProcessChange): ProcessChange {
  return { id, state, incarnation, ...(pid !== undefined && { pid }), ...(adopts !== undefined && { adopts }) };
}
