import { describe, expect, it } from 'vitest';
import { Answer, type Claim, type FeederLedger, type Handled } from './item-ledger.js';
import { judgeItems } from './judge-items.js';

const claim = (first: number, last: number): Claim => ({ first, last, atMs: 0 });
const feeder = (claims: Claim[], answers: [number, Answer][] = []): FeederLedger => ({
  claims,
  answers: new Map(answers),
});
const handled = (...ids: number[]): Handled[] => ids.map((id) => ({ id, atMs: 0 }));

describe('judgeItems', () => {
  it('finds nothing where each item was handled once, by whichever feeder it was claimed', () => {
    const feeders = [
      feeder(
        [claim(1, 4)],
        [
          [1, Answer.done],
          [4, Answer.released],
        ],
      ),
      feeder([claim(4, 4), claim(5, 5)]),
    ];
    expect(judgeItems({ feeders, handled: handled(2, 1, 3, 5, 4) })).toEqual({ items: 5, lost: 0, doubled: 0 });
  });

  it('takes what the last feeder gave back for neither lost nor done', () => {
    expect(judgeItems({ feeders: [feeder([claim(1, 2)], [[2, Answer.released]])], handled: handled(1) })).toEqual({
      items: 2,
      lost: 0,
      doubled: 0,
    });
  });

  it('counts what was released by a former feeder and never handed out again, and what nobody ever handled', () => {
    const feeders = [feeder([claim(1, 3)], [[1, Answer.released]]), feeder([claim(4, 4)])];
    expect(judgeItems({ feeders, handled: handled(2, 4) })).toEqual({ items: 4, lost: 2, doubled: 0 });
  });

  it('counts what was handled twice, and what was told to be an error though it was handled', () => {
    const feeders = [feeder([claim(1, 3)], [[3, Answer.failed]])];
    expect(judgeItems({ feeders, handled: handled(1, 1, 2, 3) })).toEqual({ items: 3, lost: 0, doubled: 2 });
  });
});
