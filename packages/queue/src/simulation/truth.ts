import type { Schedule } from './schedule.js';
import { Timeline } from './timeline.js';

export type Outcome = 'complete' | 'release' | 'error' | 'timeout' | 'lost' | 'invalid' | 'released';

/** One call of a handler. */
export interface Handling {
  readonly item: ItemTruth;
  readonly consumer: ConsumerTruth;
  readonly life: LifeTruth | undefined;
  outcome: 'done' | 'failed' | undefined;
}

/** What really happens to one item. */
export interface ItemTruth {
  /** From 0. */
  readonly number: number;
  readonly kind: 'json' | 'bytes' | 'invalid';
  /** Bytes, about. */
  readonly size: number;
  /** The life of the feeder that has it; undefined: nobody has claimed it, or it was released. */
  life: LifeTruth | undefined;
  /** Its end, in this life; for good unless it was released. */
  outcome: Outcome | undefined;
  readonly handlings: Handling[];
  /** Consumers that it was sent to. */
  readonly sentTo: Set<ConsumerTruth>;
  /** It has timed out, or a feeder could not go on with it: what was done need not be known to anybody. */
  unadopted: boolean;
}

/** One incarnation of a consumer, as it really is. */
export interface ConsumerTruth {
  readonly name: string;
  readonly id: number;
  readonly incarnation: number;
  alive: boolean;
  /** The feeder has asked to kill it. */
  killAsked: boolean;
  /** The feeder has told that it gets nothing more. */
  leaving: boolean;
  stopAskedAt: number | undefined;
  /** Something that it had sent did not arrive. */
  lossy: boolean;
  /** The feeder that has welcomed it last. */
  welcomedBy: LifeTruth | undefined;
  /** Items that it has said it begins, and that have left its process. */
  readonly announced: Set<ItemTruth>;
  readonly handlings: Set<Handling>;
}

/** One life of the feeder, as it really is. */
export interface LifeTruth {
  readonly name: string;
  readonly incarnation: number;
  alive: boolean;
  /** When it died or ended. */
  endedAt: number;
  /** It has said goodbye to its consumers, or closes its source. */
  saidBye: boolean;
  /** It ended in order. */
  ended: boolean;
  /** When it last stood still. */
  frozenAt: number;
  frozen: boolean;
  readonly items: Map<number, ItemTruth>;
}

/** What really happens: written by sources, handlers and wires, read by the judge. */
export class Truth {
  readonly timeline = new Timeline();
  readonly trace: string[] = [];
  readonly items: ItemTruth[] = [];
  readonly consumers: ConsumerTruth[] = [];
  readonly lives: LifeTruth[] = [];
  /** Code of a process has run: promises may go on. */
  unsettled = false;

  constructor(
    readonly schedule: Schedule,
    private readonly tracing: boolean,
  ) {}

  get now(): number {
    return this.timeline.now;
  }

  note(text: () => string): void {
    if (this.tracing) this.trace.push(`${this.now.toFixed(3).padStart(11)}  ${text()}`);
  }
}
