import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from './binding/parse-duration.js';
import { errorLines, group, read } from './broken-yaml.spec.helper.js';

describe('parseDuration', () => {
  it.each([
    ['60', 60],
    ['0', 0],
    ['1.5', 1.5],
    ['.5', 0.5],
    ['500ms', 0.5],
    ['70ms', 0.07],
    ['30s', 30],
    ['2m', 120],
    ['1.5h', 5400],
    ['24h', 86_400],
    ['7d', 604_800],
    ['2 m', 120],
    [' 2m ', 120],
  ])('reads %j as %d seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each(['', 'm', '-1', '-1m', '1h30m', '5 weeks', '1e3', '1,5', '2M', '1.', '0x10', 'Infinity'])(
    'refuses %j',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );
});

describe('formatDuration', () => {
  it.each([
    [0.1, '100ms'],
    [1, '1s'],
    [90, '90s'],
    [120, '2m'],
    [5400, '90m'],
    [86_400, '1d'],
  ])('writes %d as %j', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe('durations in a configuration', () => {
  it('are seconds in code', () => {
    const yaml = group(
      'timeout: 2m',
      'start_timeout: 1.5',
      'stop_timeout: 500ms',
      'restart_delay: 0',
      'restart_window: 1h',
      'local: {}',
    );
    const expected = { timeout: 120, startTimeout: 1.5, stopTimeout: 0.5, restartDelay: 0, restartWindow: 3600 };
    expect(read(yaml).groups[0]).toMatchObject(expected);
  });

  it('say their bounds in their own units', () => {
    expect(errorLines(group('local: {}', 'max_age: 500ms'))).toEqual([
      'config.yaml:6:16 groups.First Group.max_age: found "500ms", expected a duration (seconds, or like 500ms, 2m, 1h) from 1s to 365d',
    ]);
  });
});
