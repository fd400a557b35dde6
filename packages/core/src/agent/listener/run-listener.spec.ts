import { expect, it } from 'vitest';
import { isListener } from './run-listener.js';

const SIGNS = { DISTRIBUTED_ARCHITECTURE_ROLE: 'agent', DISTRIBUTED_ARCHITECTURE_CHANNEL: '3' };

it.each([
  ['as an agent starts it', ['node', 'main.js', 'run-listener'], SIGNS, true],
  ['by hand', ['node', 'main.js', 'run-listener'], {}, false],
  [
    'a slave with a command of that name',
    ['', '', 'run-listener'],
    { ...SIGNS, DISTRIBUTED_ARCHITECTURE_ROLE: 'slave' },
    false,
  ],
  ['what a listener has started itself', ['', '', 'run-listener'], { DISTRIBUTED_ARCHITECTURE_ROLE: 'agent' }, false],
  ['a relay', ['node', 'main.js', 'run-agent'], SIGNS, false],
])('isListener, %s: %s', (_title, argv, env, expected) => {
  expect(isListener({ argv, env })).toBe(expected);
});
