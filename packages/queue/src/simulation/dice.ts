import { randomFrom } from './random.js';

/** What is drawn from a seed. */
export class Dice {
  /** Numbers from 0 to 1. */
  readonly random: () => number;

  /** Dice for the same numbers always fall alike, whatever other dice do: so a schedule can lose a part and keep the rest. */
  constructor(...seeds: number[]) {
    this.random = randomFrom(seeds.reduce(mix, 0x2545f491));
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.random() * (most - least + 1));
  }

  pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.random() * choices.length)]!;
  }
}

function mix(hash: number, seed: number): number {
  let mixed = Math.imul(hash ^ seed, 0x9e3779b1);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}
