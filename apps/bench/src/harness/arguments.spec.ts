import { describe, expect, it } from 'vitest';
import { readRequest } from './arguments.js';
import type { Benchmark, Figure } from './benchmark.js';
import { UsageError } from './usage-error.js';

const figure = (name: string): Figure => ({ name, title: '', rounds: 3, contenders: [], metrics: [], comparisons: [] });
const benchmark: Benchmark = { name: 'start', title: '', figures: [figure('one'), figure('two')], packages: [] };
const read = (...argv: string[]) => readRequest(argv, [benchmark]);

describe('readRequest', () => {
  it('takes all figures and their own rounds by default', () => {
    expect(read('start')).toEqual({ benchmark, figures: benchmark.figures, rounds: undefined, json: false });
  });

  it('takes rounds, figures and json', () => {
    const request = read('start', '--rounds', '7', '--only', 'two', '--json');
    expect(request).toMatchObject({ rounds: 7, json: true, figures: [{ name: 'two' }] });
  });

  it('gives nothing to do when help is asked for', () => {
    expect(read('--help')).toBeUndefined();
  });

  it.each([
    [['stop'], 'Unknown benchmark stop'],
    [[], 'Name one benchmark'],
    [['start', 'start'], 'Name one benchmark'],
    [['start', '--only', 'three'], 'start has no figure three'],
    [['start', '--rounds', '0'], '--rounds is a number from 1 on, not 0'],
    [['start', '--fast'], "Unknown option '--fast'"],
  ])('refuses %j and says what there is', (argv, message) => {
    let error: unknown;
    try {
      read(...argv);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).message).toContain(message);
    expect((error as UsageError).usage).toContain('two');
  });
});
