import type { Records } from './records.js';

export interface Handling {
  readonly consumer: string;
  readonly us: number;
  /** Number of the item in the feed, as its context told it. */
  readonly id: number;
  readonly sum: string;
  /** When it was over, and how; undefined: never, or its process has died in it. */
  end?: { readonly us: number; readonly what: 'good' | 'threw' };
}

export interface Outcome {
  readonly us: number;
  readonly what: 'done' | 'fail' | 'release';
  /** Of `fail`: why. */
  readonly kind: string;
}

/** What became of one item within one life of the feeder. */
export interface ItemHistory {
  readonly number: number;
  readonly outs: { readonly us: number; readonly place: number; readonly sum: string }[];
  readonly outcomes: Outcome[];
  readonly handlings: Handling[];
}

/** What happened within one life of the feeder. */
export class LifeHistory {
  readonly items = new Map<number, ItemHistory>();

  constructor(
    readonly name: string,
    readonly ended: boolean,
  ) {}

  of(number: number): ItemHistory {
    let item = this.items.get(number);
    if (item === undefined) {
      item = { number, outs: [], outcomes: [], handlings: [] };
      this.items.set(number, item);
    }
    return item;
  }
}

/** What all ledgers say, by life of the feeder and item. */
export function historiesOf({ feeders, consumers }: Pick<Records, 'feeders' | 'consumers'>): Map<string, LifeHistory> {
  const lives = new Map<string, LifeHistory>();
  for (const { name, ended, entries } of feeders) {
    const life = new LifeHistory(name, ended);
    lives.set(name, life);
    for (const { us, words } of entries) {
      const [what = '', number, third = '', fourth = ''] = words;
      if (what === 'out') life.of(Number(number)).outs.push({ us, place: Number(third), sum: fourth });
      else if (isOutcome(what)) life.of(Number(number)).outcomes.push({ us, what, kind: third });
    }
  }
  for (const { name: consumer, entries } of consumers) {
    for (const { us, words } of entries) {
      const [what = '', lifeName = '', number, id, sum = ''] = words;
      if (what === 'begin') {
        const life = lives.get(lifeName) ?? new LifeHistory(lifeName, false);
        lives.set(lifeName, life);
        life.of(Number(number)).handlings.push({ consumer, us, id: Number(id), sum });
      } else if (what === 'good' || what === 'threw') {
        const handlings = lives.get(lifeName)?.of(Number(number)).handlings ?? [];
        const handling = handlings.findLast((each) => each.consumer === consumer);
        if (handling !== undefined) handling.end = { us, what };
      }
    }
  }
  return lives;
}

function isOutcome(what: string): what is Outcome['what'] {
  return what === 'done' || what === 'fail' || what === 'release';
}
