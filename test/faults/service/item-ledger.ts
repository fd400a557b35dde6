import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ItemRules {
  /** Consumers or the feeder were killed: what they had begun may be lost, or, where the feeder died, be handled again. */
  readonly killed: boolean;
}

/** What the members of a queue group (programs/queue.mjs) have written down of its numbers. */
export class ItemLedger {
  constructor(
    private readonly folder: string,
    private readonly group: string,
  ) {}

  /** No further numbers come. */
  enough(): void {
    writeFileSync(this.#file('enough'), '');
  }

  get answered(): number[] {
    return numbersIn(this.#file('answered'));
  }

  get lost(): number[] {
    return numbersIn(this.#file('lost'));
  }

  get handled(): number[] {
    return this.#handledFiles().flatMap(numbersIn);
  }

  /** Grows with each answer. */
  get size(): number {
    return statSync(this.#file('answered'), { throwIfNoEntry: false })?.size ?? 0;
  }

  /** What is wrong when all has come to its end: each number from 1 on is to be handled once and answered once. */
  flaws({ killed }: ItemRules = { killed: false }): string[] {
    const { answered, lost, handled } = this;
    const last = Math.max(0, ...answered, ...lost, ...handled);
    const flaws = this.#handledFiles()
      .flatMap(linesOf)
      .filter((line) => !line.endsWith(' whole'));
    const counts = [countOf(answered), countOf(lost), countOf(handled)] as const;
    for (let number = 1; number <= last; number++) {
      const [answers, losses, times] = counts.map((count) => count.get(number) ?? 0) as [number, number, number];
      const what = `${number}: handled ${times}, answered ${answers}, lost ${losses} times`;
      if (answers + losses !== 1 || (answers === 1 && times === 0)) flaws.push(what);
      else if (!killed && (times !== 1 || losses > 0)) flaws.push(what);
    }
    return flaws;
  }

  #handledFiles(): string[] {
    return globSync(this.#file('*.handled'));
  }

  #file(name: string): string {
    return join(this.folder, `${this.group}.${name}`);
  }
}

function countOf(numbers: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return counts;
}

function numbersIn(path: string): number[] {
  return linesOf(path).map((line) => Number.parseInt(line));
}

function linesOf(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}
