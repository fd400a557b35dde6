import { OperationsRound } from './operations-round.js';

export interface Operations {
  readonly seed: number;
  readonly rounds: number;
  /** Of each round. */
  readonly seconds: number;
  readonly kills: boolean;
  /** Whether no further round shall begin. */
  readonly isOver: () => boolean;
}

/** @returns how many rounds had flaws */
export async function runOperations({ seed: first, rounds, isOver, ...options }: Operations): Promise<number> {
  let bad = 0;
  for (let seed = first; !isOver() && seed < first + rounds; seed++) {
    const round = new OperationsRound({ seed, ...options });
    const flaws = await round.run();
    process.stdout.write(
      `seed ${seed}: ${round.commands} lines of commands, ${flaws.length === 0 ? 'well' : 'flaws'}\n`,
    );
    if (flaws.length === 0) continue;
    bad++;
    process.stdout.write(`  ${flaws.join('\n  ')}\n`);
  }
  return bad;
}
