import { describe, expect, it } from 'vitest';
import { type BrokenYaml, GROUP_KEYS, LOCAL_KEYS, errorLines, group, text } from './broken-yaml.spec.helper.js';

const BROKEN: BrokenYaml[] = [
  {
    title: 'an empty file',
    yaml: '',
    lines: ['config.yaml: found nothing in the file, expected the key "distributed_architecture"'],
  },
  {
    title: 'only comments',
    yaml: text('# nothing here'),
    lines: ['config.yaml: found nothing in the file, expected the key "distributed_architecture"'],
  },
  {
    title: 'a list at the top',
    yaml: text('- distributed_architecture'),
    lines: ['config.yaml:1:1: found a list, expected a mapping with the key distributed_architecture'],
  },
  {
    title: 'a text at the top',
    yaml: text('hello'),
    lines: ['config.yaml:1:1: found "hello", expected a mapping with the key distributed_architecture'],
  },
  {
    title: 'the top key missing',
    yaml: text('groups:', '  A: { command: a, local: {} }'),
    lines: [
      'config.yaml:1:1 groups: found an unknown key, expected distributed_architecture only',
      'config.yaml:1:1: the key distributed_architecture is missing: all of the configuration stands below it',
    ],
  },
  {
    title: 'the top key misspelt',
    yaml: text('distributed_architecure:', '  groups: {}'),
    lines: [
      'config.yaml:1:1 distributed_architecure: found an unknown key, expected distributed_architecture only (did you mean "distributed_architecture"?)',
    ],
  },
  {
    title: 'another key beside the top key',
    yaml: text('version: 1', 'distributed_architecture:', '  groups: { A: { command: a, local: {} } }'),
    lines: ['config.yaml:1:1 version: found an unknown key, expected distributed_architecture only'],
  },
  {
    title: 'nothing below the top key',
    yaml: text('distributed_architecture:'),
    lines: ['config.yaml:1:1: found nothing, expected a mapping ({} for an empty one)'],
  },
  {
    title: 'no groups',
    yaml: text('distributed_architecture: {}'),
    lines: ['config.yaml:1:1: found neither groups nor queue_groups nor job_queues, expected at least one of them'],
  },
  {
    title: 'an empty mapping of groups',
    yaml: text('distributed_architecture:', '  groups: {}'),
    lines: ['config.yaml:1:1: found no group, expected at least one'],
  },
  {
    title: 'two documents',
    yaml: text('distributed_architecture: { groups: { A: { command: a, local: {} } } }', '---', 'b: 1'),
    lines: ['config.yaml: found 2 documents in the file, expected one'],
  },
  {
    title: 'a flow collection that is not closed',
    yaml: text('distributed_architecture: { groups: [1, 2'),
    lines: ['config.yaml:2:1: not valid YAML: deficient indentation'],
  },
  {
    title: 'a tab as indentation',
    yaml: text('distributed_architecture:', '\tgroups: {}'),
    lines: ['config.yaml:2:1: not valid YAML: tab characters must not be used in indentation'],
  },
  {
    title: 'bad indentation',
    yaml: text('distributed_architecture:', '  groups:', '    A:', '      command: a', '     local: {}'),
    lines: ['config.yaml:5:6: not valid YAML: bad indentation of a mapping entry'],
  },
  {
    title: 'two colons in one line',
    yaml: text('distributed_architecture:', '  groups: a: b'),
    lines: ['config.yaml:2:12: not valid YAML: bad indentation of a mapping entry'],
  },
  {
    title: 'a quote that is not closed',
    yaml: text('distributed_architecture:', '  name: "my app'),
    lines: ['config.yaml:3:1: not valid YAML: deficient indentation'],
  },
  {
    title: 'a control character',
    yaml: text('distributed_architecture:', '  name: "a\u0007b"'),
    lines: ['config.yaml:2:11: not valid YAML: expected valid JSON character'],
  },
  {
    title: 'a reserved character',
    yaml: text('distributed_architecture:', '  name: @app'),
    lines: ['config.yaml:2:9: not valid YAML: bad indentation of a mapping entry'],
  },
  {
    title: 'too many levels',
    yaml: text(
      'distributed_architecture: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[',
    ),
    lines: ['config.yaml:1:126: not valid YAML: nesting exceeded maxDepth (100)'],
  },
  {
    title: 'a duplicate key',
    yaml: group('timeout: 1', 'local: {}', 'timeout: 2'),
    lines: [
      'config.yaml:7:7 groups.First Group.timeout: found the key a second time (first in line 5), expected it once',
    ],
  },
  {
    title: 'a group twice',
    yaml: text(
      'distributed_architecture:',
      '  groups:',
      '    A: { command: a, local: {} }',
      '    A: { command: b, local: {} }',
    ),
    lines: ['config.yaml:4:5 groups.A: found the key a second time (first in line 3), expected it once'],
  },
  {
    title: 'a mapping as a key',
    yaml: text(
      'distributed_architecture:',
      '  groups:',
      '    ? { a: 1 }',
      '    : { command: a, local: {} }',
      '    B: { command: b, local: {} }',
    ),
    lines: ['config.yaml:3:7 groups: found a mapping as a key, expected a text'],
  },
  {
    title: 'an alias without an anchor',
    yaml: group('local: *common'),
    lines: [
      'config.yaml:5:14 groups.First Group.local: found an alias without an anchor ("*common"), expected an anchor that stands before it',
    ],
  },
  {
    title: 'an alias inside of its own anchor',
    yaml: group('params: &all { again: *all }', 'local: {}'),
    lines: [
      'config.yaml:5:29 groups.First Group.params.again: found an alias inside of its own anchor ("*all"), expected an anchor that stands before it',
    ],
  },
  {
    title: 'aliases that unfold into more than anyone needs',
    yaml: group(
      'local: {}',
      'params:',
      '  a: &a [1,2,3,4,5,6,7,8,9,10]',
      '  b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]',
      '  c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]',
      '  d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]',
      '  e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]',
    ),
    lines: ['config.yaml: found more than 100000 values (aliases unfolded), expected fewer'],
  },
  {
    title: 'a tag',
    yaml: group('local: {}', 'params: { when: !date 2020-01-01 }'),
    lines: ['config.yaml:6:29 groups.First Group.params.when: found the tag "!date", expected a value without a tag'],
  },
  {
    title: 'a merge key, which YAML 1.2 has not',
    yaml: group('local: {}', '<<: { timeout: 3 }'),
    lines: [`config.yaml:6:7 groups.First Group.<<: found an unknown key, expected one of ${GROUP_KEYS}`],
  },
  {
    title: 'a number that cannot be held',
    yaml: group('local: {}', 'params: { id: 12345678901234567890 }'),
    lines: [
      'config.yaml:6:21 groups.First Group.params.id: found 12345678901234567890, which no number here can hold exactly, expected it in quotes',
    ],
  },
  {
    title: 'an infinite number as a parameter',
    yaml: group('local: {}', 'params: { limits: [1, .inf] }'),
    lines: ['config.yaml:6:29 groups.First Group.params.limits[1]: found .inf, expected a finite number'],
  },
  {
    title: 'an unknown key',
    yaml: group('local: {}', 'colour: blue'),
    lines: [`config.yaml:6:7 groups.First Group.colour: found an unknown key, expected one of ${GROUP_KEYS}`],
  },
  {
    title: 'a misspelt key',
    yaml: group('local: {}', 'timeuot: 60'),
    lines: [
      `config.yaml:6:7 groups.First Group.timeuot: found an unknown key, expected one of ${GROUP_KEYS} (did you mean "timeout"?)`,
    ],
  },
  {
    title: 'a key in camelCase',
    yaml: group('local: { instancesCount: 2 }'),
    lines: [
      `config.yaml:5:16 groups.First Group.local.instancesCount: found an unknown key, expected one of ${LOCAL_KEYS} (did you mean "instances_count"?)`,
    ],
  },
  {
    title: 'a misspelt required key',
    yaml: text('distributed_architecture:', '  groups:', '    A:', '      comand: a', '      local: {}'),
    lines: [
      `config.yaml:4:7 groups.A.comand: found an unknown key, expected one of ${GROUP_KEYS} (did you mean "command"?)`,
    ],
  },
  {
    title: 'a missing command',
    yaml: text('distributed_architecture:', '  groups:', '    A:', '      local: {}'),
    lines: ['config.yaml:3:5 groups.A: the key command is missing, expected a text of one line, not empty'],
  },
  {
    title: 'an unknown key at the root',
    yaml: text('distributed_architecture:', '  group: { A: { command: a, local: {} } }'),
    lines: [
      'config.yaml:2:3 group: found an unknown key, expected one of name, groups, queue_groups, job_queues, log, pid_path, metrics (did you mean "groups"?)',
    ],
  },
];

describe('a broken file', () => {
  it.each(BROKEN)('is refused: $title', ({ yaml, lines }) => {
    expect(errorLines(yaml)).toEqual(lines);
  });
});
