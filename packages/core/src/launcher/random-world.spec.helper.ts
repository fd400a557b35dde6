import { isDeepStrictEqual } from 'node:util';
import type { GroupOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import { placeProcesses, withId } from '../placement/place-processes.js';
import type { ProcessEvent } from '../process/process-decision.js';
import { createRecord } from '../process/process-record.js';
import type { ProcessState } from '../process/process-state.js';
import { group, listProcesses } from '../testing/process-specs.js';
import { randomFrom } from '../testing/random.js';
import type { LauncherEffect, LauncherEvent } from './launcher-decision.js';
import { decide } from './launcher-machine.js';
import { createState, nextDeadline, type LauncherState } from './launcher-state.js';
import { NO_DEMAND, onDemand, queueGroup } from './queue-fleet.spec.helper.js';
import { createTallies, recount } from './tally.js';

const LIMITS = { timeoutMs: 0, maxRunningTimeMs: 0, maxProcessTimeout: 3, bootSlots: 2 };

const GROUPS: readonly (GroupOptions | QueueGroupOptions)[] = [
  group({ name: 'A', local: { instancesCount: 2 }, timeout: 0 }),
  group({ name: 'B', local: { instancesCount: 2 }, timeout: 0, dependsOn: ['A'], restart: 'always' }),
  { ...queueGroup({ dependsOn: ['A'] }), name: 'Q' },
  { ...onDemand({ minInstances: 1, maxInstances: 3 }), name: 'D' },
];

const UNSETTLED: readonly ProcessState[] = ['starting', 'stopping', 'suspended', 'backoff'];

/** What lives of a process. */
interface Life {
  phase: 'spawning' | 'booting' | 'running';
  asked: boolean;
  killed: boolean;
}

/** A launcher whose processes, operator and clock do whatever a seed says. */
export class RandomWorld {
  readonly state: LauncherState;
  readonly lives = new Map<number, Life>();
  /** Promises that were not kept. */
  readonly problems: string[] = [];
  readonly #gone = new Set<number>();
  finished: number | undefined;
  #now = 0;
  #nextId: number;
  #changes = 0;
  readonly #random: () => number;
  readonly #later: LauncherEvent[] = [];

  constructor(seed: number) {
    this.#random = randomFrom(seed);
    this.state = createState(listProcesses(GROUPS), LIMITS);
    this.#nextId = this.state.processes.size + 1;
    this.apply({ type: 'run' });
  }

  apply(event: LauncherEvent): void {
    const effects = decide(this.state, event, { now: this.#now, random: this.#random });
    for (const effect of effects) this.#carryOut(effect);
    this.#check();
    this.state.touched.clear();
  }

  /** One thing happens. */
  step(): void {
    if (this.#random() < 0.25) this.#operate();
    else if (this.#random() < 0.2) this.tick(this.#random() * 500);
    else this.live();
  }

  /** A process does what it has to do next, or something else. */
  live(willing = false): void {
    const id = this.#pick([...this.lives.keys()]);
    if (id === undefined) return;
    const life = this.lives.get(id)!;
    if (life.killed && life.phase !== 'spawning') return this.#exit(id, null);
    if (life.phase === 'spawning') {
      life.phase = 'booting';
      return this.#to(id, { type: 'spawned', pid: 1000 + id });
    }
    if (life.asked) return this.#exit(id, this.#random() < 0.3 ? 1 : 0);
    if (!willing && this.#random() < 0.1) return this.#exit(id, this.#random() < 0.5 ? 1 : 0);
    if (life.phase === 'booting') {
      life.phase = 'running';
      return this.#to(id, { type: 'ready' });
    }
    this.#say(id, willing);
  }

  tick(ms: number): void {
    this.#now = Math.max(this.#now, Math.min(this.#now + ms, nextDeadline(this.state)));
    this.apply({ type: 'tick' });
  }

  /** All that is under way comes to its end. */
  #settle(): void {
    for (let round = 0; round < 400; round++) {
      for (let each = 0; each <= this.lives.size; each++) this.live(true);
      this.tick(1000);
    }
  }

  /** Nobody wants anything any more; then all stops. */
  end(): void {
    if (this.finished !== undefined) return;
    this.#change(true);
    this.apply({ type: 'resume', groups: [...this.state.groups.keys()] });
    this.#settle();
    this.#checkSettled();
    while (this.#changes > 0) this.#change(false);
    this.apply({ type: 'stop' });
    this.#settle();
  }

  #checkSettled(): void {
    const { toStart, retiring, leaving, toRetire, processes } = this.state;
    const left = [...toStart, ...retiring, ...leaving, ...toRetire, ...this.state.returning.keys()];
    if (left.length > 0) this.problems.push(`Nothing becomes of ${left.join()}`);
    for (const { spec, state } of processes.values()) {
      if (UNSETTLED.includes(state)) this.problems.push(`${spec.id} stays ${state}`);
    }
  }

  #operate(): void {
    const force = this.#random() < 0.3;
    const name = this.#pick([...this.state.groups.keys()]);
    if (name === undefined) return;
    const ids = [...this.state.groups.get(name)!.ids];
    const some = this.#random() < 0.5 ? ids : ids.filter(() => this.#random() < 0.4);
    switch (Math.floor(this.#random() * 8)) {
      case 0:
      case 1:
        return this.apply({ type: 'suspend', groups: [name], force });
      case 2:
      case 3:
        return this.apply({ type: 'resume', groups: [name] });
      case 4:
        return this.apply({ type: 'recycle', ids: some, force });
      case 5:
        this.apply({ type: 'retire', ids: some, force });
        return this.#random() < 0.3 ? this.#putBack(name) : undefined;
      case 6:
        return this.#random() < 0.5 ? this.#succeed(name) : this.#add();
      default:
        return this.#change(this.#changes === 0);
    }
  }

  #change(begins: boolean): void {
    this.#changes += begins ? 1 : -1;
    this.apply({ type: 'change', begins });
  }

  /** A group that is gone comes back, or a queue group has one more. */
  #add(): void {
    const options = this.#pick(GROUPS)!;
    const { specs } = placeProcesses([options], { firstId: this.#nextId });
    const consumers = specs.filter(({ queue }) => queue?.role === 'consumer').slice(-1);
    const added = this.state.groups.has(options.name) ? (this.state.retired.has(options.name) ? [] : consumers) : specs;
    this.#nextId += specs.length;
    this.apply({ type: 'add', specs: added });
  }

  /** As a change does that cannot wait any longer. */
  #putBack(name: string): void {
    if (this.state.groups.has(name) && !this.state.retired.has(name)) return;
    const { specs } = placeProcesses([GROUPS.find((each) => each.name === name)!], { firstId: this.#nextId });
    this.#nextId += specs.length;
    this.apply({ type: 'put-back', specs });
  }

  /** As a reload does: never of a feeder, of what goes, or of what has one. */
  #succeed(name: string): void {
    const queue = this.state.queues.get(name);
    const mayHave = (id: number): boolean =>
      id !== queue?.feeder &&
      !this.state.retiring.has(id) &&
      !queue?.successors.has(id) &&
      !queue?.extra.has(id) &&
      (queue === undefined || queue.wanted.has(id));
    const of = this.#pick([...this.state.groups.get(name)!.ids].filter(mayHave));
    if (of === undefined) return;
    this.apply({ type: 'successor', of, spec: withId(this.state.processes.get(of)!.spec, this.#nextId++) });
  }

  #say(id: number, calm: boolean): void {
    const { spec, incarnation } = this.state.processes.get(id)!;
    const queue = this.state.queues.get(spec.config.name);
    if (queue === undefined || (!calm && this.#random() < 0.3)) return;
    if (spec.queue?.role === 'consumer') {
      return this.apply({ type: 'queue', id, message: { type: 'drained', feeder: queue.gone }, incarnation });
    }
    if (calm) return;
    const waiting = this.#random() < 0.5 ? 50 : 0;
    const message = { ...NO_DEMAND, waiting, clearMs: 1e5 * waiting, letGo: waiting === 0 ? 1 : 0 };
    this.apply({ type: 'queue', id, message, incarnation });
  }

  #exit(id: number, code: number | null): void {
    this.lives.delete(id);
    this.#to(id, { type: 'exited', code, signal: code === null ? 'SIGKILL' : null });
  }

  #to(id: number, event: ProcessEvent): void {
    this.apply({ type: 'process', id, event });
  }

  #carryOut(effect: LauncherEffect): void {
    if (effect.type === 'finish') this.finished = effect.exitCode;
    if (effect.type === 'forget') {
      if (this.lives.has(effect.id)) this.problems.push(`${effect.id} lives, and was forgotten`);
      this.#gone.add(effect.id);
      this.state.forgotten.delete(effect.id);
    }
    if (effect.type === 'tell') {
      if (effect.notice.type === 'let-go') this.#letGo(effect.notice.count);
      if (this.#gone.has(effect.id)) this.problems.push(`${effect.id} is told something, and is gone`);
    }
    if (effect.type === 'process') this.#toLife(effect);
  }

  /** What its feeder will say. */
  #letGo(count: number): void {
    const id = this.#pick([...(this.state.queues.get('D')?.wanted ?? [])]);
    if (id === undefined || count === 0) return;
    const feeder = this.state.queues.get('D')!.feeder;
    const { incarnation } = this.state.processes.get(id)!;
    this.#later.push({ type: 'queue', id: feeder, message: { type: 'leaving', id, incarnation } });
  }

  #toLife({ id, effect }: Extract<LauncherEffect, { type: 'process' }>): void {
    const life = this.lives.get(id);
    if (effect.type === 'spawn') {
      this.#checkStart(id);
      this.lives.set(id, { phase: 'spawning', asked: false, killed: false });
    }
    if (effect.type === 'ask-to-stop' && life) life.asked = true;
    if (effect.type === 'kill' && life) life.killed = true;
  }

  #checkStart(id: number): void {
    const { name } = this.state.processes.get(id)!.spec.config;
    if (this.lives.has(id)) this.problems.push(`${id} is started twice`);
    if (this.#gone.has(id)) this.problems.push(`${id} is gone, and is started`);
    if (this.state.suspended.has(name)) this.problems.push(`${name} is suspended, and ${id} is started`);
  }

  /** What is counted is what there is, and nobody speaks of what is gone. */
  #check(): void {
    const { state } = this;
    const specs = [...state.processes.values()].map(({ spec }) => spec);
    const tallies = createTallies(specs);
    for (const record of state.processes.values()) recount(tallies, createRecord(record.spec), record);
    if (!isDeepStrictEqual(state.tallies, tallies)) this.problems.push('It has counted wrong');
    const queues = [...state.queues.values()].flatMap((queue) => [
      ...[queue.feeder, ...queue.consumers, ...queue.wanted, ...queue.extra, ...queue.owing],
      ...queue.pools.flatMap(({ ids }) => ids),
    ]);
    const known = [...queues, ...[...state.groups.values()].flatMap(({ ids }) => [...ids]), ...state.local];
    const unknown = known.filter((id) => !state.processes.has(id));
    if (unknown.length > 0) this.problems.push(`${unknown.join()} are gone, and are still known`);
    const lost = [...state.suspended].filter((name) => !state.groups.has(name) && !state.absent.has(name));
    if (lost.length > 0) this.problems.push(`${lost.join()} are suspended, and there is no such group`);
    for (const event of this.#later.splice(0)) this.apply(event);
  }

  #pick<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.#random() * list.length)];
  }
}
