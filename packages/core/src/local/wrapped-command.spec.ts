import { expect, it } from 'vitest';
import { wrappedCommand } from './wrapped-command.js';

const command = { file: 'work', args: ['a b'] };
const registration = { journalFile: '/run/1.1', cgroup: undefined };

it('shows nothing of the environment but the working directory', () => {
  const env = { PWD: '/srv/app', SECRET: 'very-secret' };
  const { file, args } = wrappedCommand(command, env, registration)!;
  expect(file).toBe('/bin/sh');
  expect(args.slice(2)).toEqual(['sh', '/run/1.1', '-', '=/srv/app', 'work', 'a b']);
  expect(args.join()).not.toContain('very-secret');
});

it.each(['WITH-DASH', 'BASH_FUNC_which%%', '', '1', 'IFS', 'PPID'])(
  'does without when a shell would change the variable %j',
  (name) => {
    expect(wrappedCommand(command, { [name]: 'x' }, registration)).toBeUndefined();
  },
);
