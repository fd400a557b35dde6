import { describe, expect, it } from 'vitest';
import type { Contender, Figure } from './benchmark.js';
import { measureFigure } from './measure-figure.js';
import { Scope } from './scope.js';

function figureOf(log: string[], fail = false): Figure {
  const contender = (name: string): Contender => ({
    name,
    open: async (figure) => {
      await figure.defer(() => void log.push(`close ${name}`));
      return async (round) => {
        await round.defer(() => void log.push(`after ${name}`));
        if (fail) throw new Error('broken');
        log.push(name);
        return { ms: log.length };
      };
    },
  });
  return {
    name: 'f',
    title: '',
    rounds: 1,
    contenders: [contender('a'), contender('b')],
    metrics: [],
    comparisons: [],
  };
}

describe('measureFigure', () => {
  it('measures the contenders in turns and clears up after each', async () => {
    const log: string[] = [];
    const result = await measureFigure(figureOf(log), 2, new Scope(), () => undefined);
    const round = ['a', 'after a', 'b', 'after b'];
    expect(log).toEqual([...round, ...round, 'close b', 'close a']);
    expect(result.samples.get('a')).toHaveLength(2);
    expect(result.samples.get('b')).toHaveLength(2);
  });

  it('tries a peer again that may fail', async () => {
    let attempts = 0;
    const measure = async () => {
      if (++attempts < 3) throw new Error('hiccup');
      return { ms: 1 };
    };
    const peer: Contender = { name: 'peer', attempts: 3, open: async () => measure };
    const figure: Figure = { name: 'f', title: '', rounds: 1, contenders: [peer], metrics: [], comparisons: [] };
    const result = await measureFigure(figure, 1, new Scope(), () => undefined);
    expect(result.samples.get('peer')).toEqual([{ ms: 1 }]);
    expect(attempts).toBe(3);
  });

  it('clears up when a measurement fails', async () => {
    const log: string[] = [];
    await expect(measureFigure(figureOf(log, true), 2, new Scope(), () => undefined)).rejects.toThrow('broken');
    expect(log).toEqual(['after a', 'close b', 'close a']);
  });
});
