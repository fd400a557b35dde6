import { describe, expect, it } from 'vitest';
import { asksForMaster } from './detect-role.js';

const ask = (args: string[], ownDefault = false): boolean =>
  asksForMaster(['node', 'main.js', ...args], () => ownDefault);

describe('asksForMaster', () => {
  it.each([
    [['run-master'], true],
    [['run-master', '--timeout', '9'], true],
    [[], true],
    [['--max-running-time', '60'], true],
    [['app:test-command'], false],
    [['app:test-command', 'run-master'], false],
    [['--help'], false],
    [['run-master', '-h'], false],
  ])('%j: %s', (args, expected) => {
    expect(ask(args)).toBe(expected);
  });

  it("leaves a command line without a command to the application's own default command", () => {
    expect(ask([], true)).toBe(false);
    expect(ask(['--some-option'], true)).toBe(false);
    expect(ask(['run-master'], true)).toBe(true);
  });
});
