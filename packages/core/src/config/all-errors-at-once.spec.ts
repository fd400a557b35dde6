import { describe, expect, it } from 'vitest';
import { DURATION, errorLines, GROUP_KEYS, HOST, text } from './broken-yaml.spec.helper.js';
import { ConfigError, type ConfigProblem } from './config-error.js';

describe('a file with many mistakes', () => {
  const yaml = text(
    'distributed_architecture:',
    '  name: ""',
    '  groups:',
    '    First Group:',
    '      comand: app:test',
    '      timeout: soon',
    '      params: { key: "${UNSET}" }',
    '      local: { instances_count: 0 }',
    '      depends_on: [Second, Third]',
    '    Second:',
    '      command: app:second',
    '      priority: 99',
    '      priority: 1',
    '      remote:',
    '        - hosts: []',
    '        - hosts: [one, "two:0"]',
    '          lease: 0',
    '  queue_groups:',
    '    Second: { command: q, consumers: { local: { instances_count: 1, min_instances: 0 } } }',
  );

  it('gets all of them at once, in the order of the file', () => {
    expect(errorLines(yaml)).toEqual([
      'config.yaml:2:9 name: found "", expected a name of at most 100 characters, without slashes and control characters',
      `config.yaml:5:7 groups.First Group.comand: found an unknown key, expected one of ${GROUP_KEYS} (did you mean "command"?)`,
      `config.yaml:6:16 groups.First Group.timeout: found "soon", expected ${DURATION}`,
      'config.yaml:7:22 groups.First Group.params.key: the environment variable UNSET is not set, and has no default (${UNSET:-default})',
      'config.yaml:8:33 groups.First Group.local.instances_count: found 0, expected an integer from 1 to 10000',
      'config.yaml:9:28 groups.First Group.depends_on[1]: found "Third", expected the name of a group',
      'config.yaml:12:17 groups.Second.priority: found 99, expected an integer from -20 to 19',
      'config.yaml:13:7 groups.Second.priority: found the key a second time (first in line 12), expected it once',
      `config.yaml:15:18 groups.Second.remote[0].hosts: found a list of 0, expected a list (at least 1 of: ${HOST})`,
      `config.yaml:16:24 groups.Second.remote[1].hosts[1]: found "two:0", expected ${HOST}`,
      'config.yaml:17:18 groups.Second.remote[1].lease: found 0, expected a duration (seconds, or like 500ms, 2m, 1h) from 1s to 1d',
      'config.yaml:19:5 queue_groups.Second: found neither local_feeder nor remote_feeder, expected exactly one of them',
      'config.yaml:19:5 queue_groups.Second: found the name "Second" a second time (first in groups), expected names to be unique',
      'config.yaml:19:66 queue_groups.Second.consumers.local.instances_count: found instances_count together with min_instances, expected one or the other',
    ]);
  });
});

describe('ConfigError', () => {
  const problem = (line: number): ConfigProblem => ({
    file: 'a.yaml',
    line,
    column: 1,
    path: 'groups',
    message: 'wrong',
  });

  it('has a code, an exit code and the problems', () => {
    const error = new ConfigError([problem(1)]);
    expect(error).toMatchObject({ name: 'ConfigError', code: 'CONFIG_INVALID', exitCode: 78, problems: [problem(1)] });
    expect(error.message).toBe('a.yaml:1:1 groups: wrong');
  });

  it('shows a hundred lines at most', () => {
    const lines = new ConfigError(Array.from({ length: 130 }, (_, index) => problem(index + 1))).message.split('\n');
    expect(lines).toHaveLength(101);
    expect(lines.at(-1)).toBe('... and 30 more');
  });
});
