import { describe, expect, it } from 'vitest';
import type { Comparison, FigureResult } from './benchmark.js';
import { judge } from './judge.js';

function resultWith(comparison: Partial<Comparison>, ours: number[], theirs: number[]): FigureResult {
  const contender = (name: string) => ({ name, open: () => Promise.reject(new Error('not measured here')) });
  return {
    figure: {
      name: 'figure',
      title: '',
      rounds: ours.length,
      contenders: [contender('ours'), contender('theirs')],
      metrics: [{ key: 'ms', label: 'time', unit: 'ms' }],
      comparisons: [{ metric: 'ms', contender: 'ours', against: 'theirs', measure: 'ratio', ...comparison }],
    },
    rounds: ours.length,
    samples: new Map([
      ['ours', ours.map((ms) => ({ ms }))],
      ['theirs', theirs.map((ms) => ({ ms }))],
    ]),
  };
}

const judgeOne = (...args: Parameters<typeof resultWith>) => judge(resultWith(...args))[0]!;

describe('judge', () => {
  it('compares medians, so that one slow round decides nothing', () => {
    expect(judgeOne({ aim: { atMost: 0.5 } }, [5, 5, 1000], [10, 10, 10])).toMatchObject({ value: 0.5, met: true });
  });

  it('misses an aim that is exceeded by a little', () => {
    expect(judgeOne({ aim: { atMost: 0.5 } }, [5.01], [10]).met).toBe(false);
    expect(judgeOne({ aim: { atLeast: 3 } }, [29], [10]).met).toBe(false);
  });

  it('judges differences and values', () => {
    expect(judgeOne({ measure: 'difference', aim: { atMost: 4 } }, [14], [10])).toMatchObject({ value: 4, met: true });
    expect(judgeOne({ measure: 'value', aim: { atMost: 4 } }, [14], [10])).toMatchObject({ value: 14, met: false });
  });

  it('takes the largest sample where something must never happen', () => {
    expect(judgeOne({ measure: 'worst', aim: { atMost: 0 } }, [0, 0, 1], [0])).toMatchObject({ value: 1, met: false });
  });

  it('has no verdict without an aim', () => {
    expect(judgeOne({}, [1], [2])).toMatchObject({ value: 0.5, met: undefined });
  });

  it('meets nothing with a ratio of nothing to nothing', () => {
    expect(judgeOne({ aim: { atMost: 1 } }, [0], [0]).met).toBe(false);
  });

  it('refuses what was not measured', () => {
    expect(() => judgeOne({ metric: 'mb' }, [1], [1])).toThrow('figure: ours did not measure mb');
    expect(() => judgeOne({ against: 'nobody' }, [1], [1])).toThrow('nobody did not measure ms');
  });
});
