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

const NONE: ReadonlySet<number> = new Set();

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
  /** The generation that has asked for another start, or has called that off, until the agent has carried it out. */
  again: number | undefined;
}

/**
 * What the launcher was told of the processes of a host: every start once and every exit once, whoever knows of it, the
 * agent or the fence.
 */
export class HostLedger {
  readonly #entries = new Map<number, Entry>();
  /** Added since an agent was told last what there is to run. */
  readonly #untold = new Set<number>();
  readonly #cleared = new Map<number, number>();
  readonly #tell: (change: ProcessChange) => void;
  /** Something of ours may live on the host. */
  #occupied = false;
  #isCut = false;

  constructor(specs: readonly ProcessSpec[], tell: (change: ProcessChange) => void) {
    this.#tell = tell;
    this.add(specs);
  }

  add(specs: readonly ProcessSpec[]): void {
    for (const spec of specs) {
      this.#entries.set(spec.id, newEntry(spec));
      this.#untold.add(spec.id);
    }
  }

  /** Whatever an agent may yet tell of it is nobody's concern. */
  forget(id: number): void {
    this.#entries.delete(id);
    this.#untold.delete(id);
    this.#cleared.delete(id);
  }

  /** A queue group that has a part here. */
  get queueGroup(): string | undefined {
    return this.#all.find(({ spec }) => spec.queue !== undefined)?.spec.config.name;
  }

  has(id: number): boolean {
    return this.#entries.has(id);
  }

  /** What an agent has to know; a new one counts incarnations on from those that were told. */
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

  /** See `WantMessage`. */
  get again(): Record<number, number> {
    const those = this.#all.filter(({ again, wanted }) => again !== undefined && wanted !== undefined);
    return Object.fromEntries(those.map(({ spec, again }) => [spec.id, again!]));
  }

  /** Of feeders: up to which incarnation nobody owes them anything. */
  get cleared(): Record<number, number> {
    return Object.fromEntries(this.#cleared);
  }

  clear(id: number, incarnation: number): void {
    this.#cleared.set(id, Math.max(incarnation, this.#cleared.get(id) ?? 0));
  }

  /**
   * @param generation of this wish
   * @param renewed those that were to run again since the last time, whatever is wanted of them now
   */
  want(wanted: ReadonlyMap<number, Wanted>, generation: number, renewed: ReadonlySet<number> = NONE): void {
    for (const entry of this.#all) {
      const was = entry.wanted;
      const before = renewed.has(entry.spec.id) ? 'stop' : was;
      entry.wanted = wanted.get(entry.spec.id);
      if (entry.wanted === 'run' && before !== 'run') {
        if (before !== undefined) entry.again = generation;
        this.#wantAgain(entry);
      }
      // What ends from now on ends at our wish, and may be wanted again.
      if (entry.wanted !== 'run') entry.ended = false;
      // Nobody knows whether its agent has heard that it was to run again: it is asked what it has made of that.
      if (entry.wanted !== 'run' && was === 'run' && entry.again !== undefined) entry.again = generation;
      // It was to run again and is not any more: its agent, where it is over, will never say so.
      if (entry.wanted !== 'run' && renewed.has(entry.spec.id) && isOver(entry)) this.#tell(entry.heard);
    }
    if (!this.#occupied) this.#stopUnwanted();
  }

  /** The agent was told all that there is to run. */
  told(): void {
    this.#untold.clear();
  }

  /**
   * The agent takes no more than it was told at first: what it does not know fails.
   *
   * @returns those
   */
  giveUp(): ProcessSpec[] {
    const lost = this.#all.filter(({ spec }) => this.#untold.has(spec.id));
    this.#untold.clear();
    for (const { spec, incarnation } of lost) this.hear({ id: spec.id, state: 'failed', incarnation });
    return lost.map(({ spec }) => spec);
  }

  /**
   * The agent's word, in the order in which things happened.
   *
   * @param generation of the last wish that it had carried out by then
   */
  hear(heard: ProcessChange, generation: number = Infinity): void {
    const entry = this.#entries.get(heard.id);
    if (entry === undefined) return;
    const change = willStartAgain(entry, heard, generation) ? ({ ...heard, state: 'backoff' } as const) : heard;
    const news = isNews(entry, change);
    if (news && change.published === 'process_started' && entry.live) this.#tellLost(entry);
    if (news) keepCount(entry, change);
    entry.heard = withoutEvent(hasStoppedUnseen(heard) ? { ...change, incarnation: entry.incarnation } : change);
    entry.ended = isOver(entry) && entry.wanted === 'run';
    if (entry.again !== undefined && generation >= entry.again) entry.again = undefined;
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

  /** What is over will run again, as soon as its agent can be told. */
  #wantAgain(entry: Entry): void {
    if (isOver(entry)) {
      entry.ended = false;
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
  const known = { incarnation: 0, unseen: false, live: false, away: false };
  return { spec, heard, ...known, wanted: undefined, ended: false, again: undefined };
}

/** It is over, but its agent was yet to hear then that it is to run again. */
function willStartAgain({ again, wanted }: Entry, { state }: ProcessChange, generation: number): boolean {
  return wanted === 'run' && again !== undefined && generation < again && (state === 'stopped' || state === 'failed');
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

/** A new agent was told to stop it before it had begun: that is no life. */
function hasStoppedUnseen({ published, state }: ProcessChange): boolean {
  return published === undefined && state === 'stopped';
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
