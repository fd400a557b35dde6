// The feeder of a round: hands out the numbers that no life of it before has an outcome for.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sumOf, textOf, toItem, fromItem } from './items.mjs';

export class Numbers {
  #ledger;
  #plan;
  #left;
  #next = 0;

  constructor({ ledger, life, ...plan }) {
    this.#ledger = ledger;
    this.#plan = { ...plan, life };
    this.#left = unanswered(plan.folder, plan.items);
    ledger.write(`start ${process.pid}`);
  }

  getMany(max) {
    const numbers = this.#left.slice(this.#next, this.#next + max);
    const items = numbers.map((number, index) => this.#partsOf(number, this.#next + index + 1));
    this.#next += numbers.length;
    if (items.length > 0) {
      this.#ledger.write(...items.map((item) => `out ${item.number} ${item.place} ${sumOf(item)}`));
    }
    return items.map(toItem);
  }

  get() {
    return this.getMany(1)[0];
  }

  ended() {
    return this.#next === this.#left.length;
  }

  success(item) {
    this.#ledger.write(`done ${fromItem(item).number}`);
  }

  error(item, { kind }) {
    this.#ledger.write(`fail ${fromItem(item).number} ${kind}`);
  }

  release(item) {
    this.#ledger.write(`release ${fromItem(item).number}`);
  }

  #partsOf(number, place) {
    const { seed, life } = this.#plan;
    return { number, place, life, text: textOf(seed, number) };
  }
}

function unanswered(folder, items) {
  const answered = new Set();
  for (const file of globSync(join(folder, 'feeder-*'))) {
    for (const [, number] of readFileSync(file, 'latin1').matchAll(/^\d+ (?:done|fail) (\d+)/gm))
      answered.add(Number(number));
  }
  return Array.from({ length: items }, (_, index) => index + 1).filter((number) => !answered.has(number));
}
