import { describe, expect, it } from 'vitest';
import { type BrokenYaml, DURATION, errorLines, group, text } from './broken-yaml.spec.helper.js';

const BROKEN: BrokenYaml[] = [
  {
    title: 'a text for a duration',
    yaml: group('local: {}', 'timeout: abc'),
    lines: [`config.yaml:6:16 groups.First Group.timeout: found "abc", expected ${DURATION}`],
  },
  {
    title: 'a duration with an unknown unit',
    yaml: group('local: {}', 'timeout: 5 weeks'),
    lines: [`config.yaml:6:16 groups.First Group.timeout: found "5 weeks", expected ${DURATION}`],
  },
  {
    title: 'a negative duration',
    yaml: group('local: {}', 'timeout: -1'),
    lines: [`config.yaml:6:16 groups.First Group.timeout: found -1, expected ${DURATION}`],
  },
  {
    title: 'a duration of more than a year',
    yaml: group('local: {}', 'timeout: 400d'),
    lines: [`config.yaml:6:16 groups.First Group.timeout: found "400d", expected ${DURATION}`],
  },
  {
    title: 'an infinite duration',
    yaml: group('local: {}', 'timeout: .inf'),
    lines: [`config.yaml:6:16 groups.First Group.timeout: found .inf, expected ${DURATION}`],
  },
  {
    title: 'a start_timeout of 0',
    yaml: group('local: {}', 'start_timeout: 0'),
    lines: [
      'config.yaml:6:22 groups.First Group.start_timeout: found 0, expected a duration (seconds, or like 500ms, 2m, 1h) from 100ms to 365d',
    ],
  },
  {
    title: 'nothing after a key',
    yaml: group('local: {}', 'timeout:'),
    lines: [`config.yaml:6:7 groups.First Group.timeout: found nothing, expected ${DURATION}`],
  },
  {
    title: 'nothing for a section',
    yaml: group('local:'),
    lines: ['config.yaml:5:7 groups.First Group.local: found nothing, expected a mapping ({} for an empty one)'],
  },
  {
    title: 'a priority out of range',
    yaml: group('local: {}', 'priority: 20'),
    lines: ['config.yaml:6:17 groups.First Group.priority: found 20, expected an integer from -20 to 19'],
  },
  {
    title: 'a fraction for an integer',
    yaml: group('local: { instances_count: 1.5 }'),
    lines: [
      'config.yaml:5:33 groups.First Group.local.instances_count: found 1.5, expected an integer from 1 to 10000',
    ],
  },
  {
    title: 'a number in quotes for an integer',
    yaml: group('local: { instances_count: "2" }'),
    lines: [
      'config.yaml:5:33 groups.First Group.local.instances_count: found "2", expected an integer from 1 to 10000',
    ],
  },
  {
    title: 'instances_count of 0',
    yaml: group('local: { instances_count: 0 }'),
    lines: ['config.yaml:5:33 groups.First Group.local.instances_count: found 0, expected an integer from 1 to 10000'],
  },
  {
    title: 'a list for a mapping',
    yaml: group('local: [1]'),
    lines: ['config.yaml:5:14 groups.First Group.local: found a list, expected a mapping ({} for an empty one)'],
  },
  {
    title: 'a mapping for a text',
    yaml: text('distributed_architecture:', '  groups:', '    A:', '      command: { name: a }', '      local: {}'),
    lines: ['config.yaml:4:16 groups.A.command: found a mapping, expected a text of one line, not empty'],
  },
  {
    title: 'a number for a text',
    yaml: text('distributed_architecture:', '  groups:', '    A:', '      command: 12', '      local: {}'),
    lines: ['config.yaml:4:16 groups.A.command: found 12, expected a text of one line, not empty'],
  },
  {
    title: 'an empty command',
    yaml: text('distributed_architecture:', '  groups:', '    A:', '      command: " "', '      local: {}'),
    lines: ['config.yaml:4:16 groups.A.command: found " ", expected a text of one line, not empty'],
  },
  {
    title: 'a command of two lines',
    yaml: text('distributed_architecture:', '  groups:', '    A:', '      command: "a\\nb"', '      local: {}'),
    lines: ['config.yaml:4:16 groups.A.command: found "a\\nb", expected a text of one line, not empty'],
  },
  {
    title: 'a word that restart does not know',
    yaml: group('local: {}', 'restart: allways'),
    lines: [
      'config.yaml:6:16 groups.First Group.restart: found "allways", expected never, on-failure or always (did you mean "always"?)',
    ],
  },
  {
    title: 'true for console',
    yaml: group('local: {}', 'console: true'),
    lines: [
      'config.yaml:6:16 groups.First Group.console: found true, expected false, or a text of one line, not empty',
    ],
  },
  {
    title: 'the home of another user',
    yaml: group('local: {}', 'path: ~deploy/app'),
    lines: [
      'config.yaml:6:13 groups.First Group.path: found "~deploy/app", expected a path ("~" or ~/... for the home folder)',
    ],
  },
  {
    title: 'a list for params',
    yaml: group('local: {}', 'params: [a, b]'),
    lines: [
      'config.yaml:6:15 groups.First Group.params: found a list, expected a mapping of names to values (a text, a number, true, false, null, a list or a mapping)',
    ],
  },
  {
    title: 'a list as the value of an environment variable',
    yaml: group('local: {}', 'env: { PORTS: [1, 2] }'),
    lines: ['config.yaml:6:21 groups.First Group.env.PORTS: found a list, expected a text, a number or a boolean'],
  },
  {
    title: 'a bad name of an environment variable',
    yaml: group('local: {}', 'env: { "A=B": secret }'),
    lines: [
      'config.yaml:6:14 groups.First Group.env.A=B: found a name that is not allowed, expected the name of an environment variable, without =',
    ],
  },
  {
    title: 'groups as a list',
    yaml: text('distributed_architecture:', '  groups:', '    - { name: A, command: a, local: {} }'),
    lines: ['config.yaml:3:5 groups: found a list, expected a mapping of names to mappings'],
  },
  {
    title: 'a group that is a text',
    yaml: text('distributed_architecture:', '  groups:', '    A: app:test'),
    lines: ['config.yaml:3:8 groups.A: found "app:test", expected a mapping ({} for an empty one)'],
  },
];

describe('a wrong value', () => {
  it.each(BROKEN)('is refused: $title', ({ yaml, lines }) => {
    expect(errorLines(yaml)).toEqual(lines);
  });
});
