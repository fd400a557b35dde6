import { expect, it } from 'vitest';
import { FeedRound } from '../faults/feed/round.js';
import type { FaultName } from '../faults/feed/faults.js';

/** A few seconds each; `node test/dist/faults/main.js --feed --rounds 100` goes further. */
const ROUNDS: readonly { seed: number; faults: readonly FaultName[] }[] = [
  { seed: 1, faults: ['kill-consumer', 'kill-consumer', 'kill-feeder', 'cut'] },
  { seed: 2, faults: ['stop', 'kill-master', 'kill-consumer'] },
];

it('feeders, consumers and masters are killed, and connections cut, under load: the ledgers agree', async () => {
  const effective = new Map<FaultName, number>();
  for (const { seed, faults } of ROUNDS) {
    const report = await new FeedRound({ seed, items: 15_000, faults, mostFaults: 5 }).run();
    expect(report.flaws).toEqual([]);
    for (const [fault, count] of report.effective) effective.set(fault, (effective.get(fault) ?? 0) + count);
  }
  expect(effective.size).toBeGreaterThan(0);
});

const SABOTAGES: readonly { sabotage: string; fault: FaultName; rule: string }[] = [
  { sabotage: 'answers-first', fault: 'cut', rule: 'done, though no handling had ended well' },
  { sabotage: 'gives-nothing-back', fault: 'stop', rule: 'done, though no handling had ended well' },
  { sabotage: 'announces-nothing', fault: 'kill-consumer', rule: 'begun again' },
  { sabotage: 'hides-the-unconfirmed', fault: 'kill-feeder', rule: 'not listed' },
];

/** Each round hits work in flight most often, but not always. */
const TRIES = 5;

it.each(SABOTAGES)('the judge sees it where a process $sabotage', async ({ sabotage, fault, rule }) => {
  const flaws: string[] = [];
  for (let seed = 1; seed <= TRIES && !flaws.some((flaw) => flaw.includes(rule)); seed++) {
    const report = await new FeedRound({
      seed,
      items: 10_000,
      faults: [fault],
      mostFaults: 2,
      sabotage,
      limit: 20,
    }).run();
    flaws.push(...report.flaws);
  }
  expect(flaws.some((flaw) => flaw.includes(rule))).toBe(true);
});
