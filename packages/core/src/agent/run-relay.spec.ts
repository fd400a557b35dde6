import { expect, it } from 'vitest';
import { RELAY_BOOT } from './relay-boot.js';
import { isRelay, isTooOld } from './run-relay.js';

it.each([
  [['run-agent'], {}, true],
  [[], {}, false],
  [['work'], {}, false],
  [['run-agent', '--help'], {}, false],
  [['work', 'run-agent'], {}, false],
  [['run-agent'], { DISTRIBUTED_ARCHITECTURE_CHANNEL: '3' }, false],
])('%j with %j is a relay: %s', (args, env, expected) => {
  expect(isRelay({ argv: ['node', 'main.js', ...args], env })).toBe(expected);
});

it.each([
  ['18.20.4', true],
  ['22.12.0', true],
  ['22.13.0', false],
  ['24.0.0', false],
])('Node %s is too old: %s', (version, expected) => {
  expect(isTooOld(version)).toBe(expected);
});

it('boots by a text that goes through two shells', () => {
  expect(RELAY_BOOT).not.toMatch(/['\n!]/);
});
