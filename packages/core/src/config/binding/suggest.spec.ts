import { describe, expect, it } from 'vitest';
import { suggest } from './suggest.js';

describe('suggest', () => {
  const known = ['command', 'timeout', 'start_timeout', 'bin_path', 'env', 'path'];

  it.each([
    ['comand', 'command'],
    ['timeuot', 'timeout'],
    ['startTimeout', 'start_timeout'],
    ['bin-path', 'bin_path'],
    ['BIN_PATH', 'bin_path'],
    ['envs', 'env'],
    ['colour', undefined],
    ['x', undefined],
    ['constructor', undefined],
    ['timeout'.repeat(1000), undefined],
  ])('for %j: %j', (word, expected) => {
    expect(suggest(word, known)).toBe(expected);
  });
});
