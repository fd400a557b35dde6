import { FeedRound } from './round.js';

export interface FeedRounds {
  readonly seed: number;
  readonly rounds: number;
  readonly items: number;
  /** Whether no further round shall begin. */
  readonly isOver: () => boolean;
}

/** @returns how many rounds had flaws */
export async function runFeedRounds({ seed: first, rounds, items, isOver }: FeedRounds): Promise<number> {
  let bad = 0;
  for (let seed = first; !isOver() && seed < first + rounds; seed++) {
    const { flaws, effective, seconds } = await new FeedRound({ seed, items }).run();
    const hits = [...effective].map(([fault, count]) => `${fault} ${count}`).join(', ');
    process.stdout.write(
      `seed ${seed}: ${items} items in ${seconds.toFixed(1)} s; hit work in flight: ${hits || 'none'}\n`,
    );
    if (flaws.length === 0) continue;
    bad++;
    process.stdout.write(`  ${flaws.join('\n  ')}\n`);
  }
  return bad;
}
