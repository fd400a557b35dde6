import { describe, expect, it } from 'vitest';
import { type BrokenYaml, HOST, errorLines, group, text } from './broken-yaml.spec.helper.js';

const BROKEN: BrokenYaml[] = [
  {
    title: 'a group without a name',
    yaml: text('distributed_architecture:', '  groups:', '    "": { command: a, local: {} }'),
    lines: [
      'config.yaml:3:5 groups."": found a name that is not allowed, expected 1 to 100 characters, no control characters, no space around them',
    ],
  },
  {
    title: 'a control character in a name of a group',
    yaml: text('distributed_architecture:', '  groups:', '    "a\\nb": { command: a, local: {} }'),
    lines: [
      'config.yaml:3:5 groups.a\\nb: found a name that is not allowed, expected 1 to 100 characters, no control characters, no space around them',
    ],
  },
  {
    title: 'a slash in the name of the fleet',
    yaml: text('distributed_architecture:', '  name: "@me/app"', '  groups:', '    A: { command: a, local: {} }'),
    lines: [
      'config.yaml:2:9 name: found "@me/app", expected a name of at most 100 characters, without slashes and control characters',
    ],
  },
  {
    title: 'a name in groups and in queue_groups',
    yaml: text(
      'distributed_architecture:',
      '  groups:',
      '    A: { command: a, local: {} }',
      '  queue_groups:',
      '    A: { command: a, local_feeder: {}, consumers: { local: {} } }',
    ),
    lines: [
      'config.yaml:5:5 queue_groups.A: found the name "A" a second time (first in groups), expected names to be unique',
    ],
  },
  {
    title: 'a name in groups and in job_queues',
    yaml: text(
      'distributed_architecture:',
      '  groups:',
      '    A: { command: a, local: {} }',
      '  job_queues:',
      '    A: {}',
    ),
    lines: [
      'config.yaml:5:5 job_queues.A: found the name "A" a second time (first in groups), expected names to be unique',
    ],
  },
  {
    title: 'depends_on an unknown group',
    yaml: group('local: {}', 'depends_on: [Frist Group]'),
    lines: [
      'config.yaml:6:20 groups.First Group.depends_on[0]: found "Frist Group", expected the name of a group (did you mean "First Group"?)',
    ],
  },
  {
    title: 'depends_on itself',
    yaml: group('local: {}', 'depends_on: [First Group]'),
    lines: [
      'config.yaml:6:20 groups.First Group.depends_on[0]: found a cycle: "First Group" -> "First Group", expected none',
    ],
  },
  {
    title: 'a cycle',
    yaml: text(
      'distributed_architecture:',
      '  groups:',
      '    A: { command: a, local: {}, depends_on: [B] }',
      '    B: { command: a, local: {}, depends_on: [C] }',
      '    C: { command: a, local: {}, depends_on: [A] }',
    ),
    lines: ['config.yaml:5:46 groups.C.depends_on[0]: found a cycle: "A" -> "B" -> "C" -> "A", expected none'],
  },
  {
    title: 'a text for depends_on',
    yaml: group('local: {}', 'depends_on: Other'),
    lines: [
      'config.yaml:6:19 groups.First Group.depends_on: found "Other", expected a list (any number of: a text of one line, not empty)',
    ],
  },
  {
    title: 'neither local nor remote',
    yaml: group('timeout: 3'),
    lines: ['config.yaml:3:5 groups.First Group: found neither local nor remote, expected at least one of them'],
  },
  {
    title: 'an empty list of remotes',
    yaml: group('remote: []'),
    lines: [
      'config.yaml:5:15 groups.First Group.remote: found a list of 0, expected a list (at least 1 of: a mapping)',
    ],
  },
  {
    title: 'a remote without hosts',
    yaml: group('remote:', '  - instances_count: 2'),
    lines: [
      `config.yaml:6:11 groups.First Group.remote[0]: the key hosts is missing, expected a list (at least 1 of: ${HOST})`,
    ],
  },
  {
    title: 'empty hosts',
    yaml: group('remote:', '  - hosts: []'),
    lines: [
      `config.yaml:6:18 groups.First Group.remote[0].hosts: found a list of 0, expected a list (at least 1 of: ${HOST})`,
    ],
  },
  {
    title: 'a host with a bad port',
    yaml: group('remote:', '  - hosts: [server:70000]'),
    lines: [`config.yaml:6:19 groups.First Group.remote[0].hosts[0]: found "server:70000", expected ${HOST}`],
  },
  {
    title: 'a host with an empty user',
    yaml: group('remote:', '  - hosts: ["@server"]'),
    lines: [`config.yaml:6:19 groups.First Group.remote[0].hosts[0]: found "@server", expected ${HOST}`],
  },
  {
    title: 'a host twice',
    yaml: group('remote:', '  - hosts: [server, server]'),
    lines: ['config.yaml:6:27 groups.First Group.remote[0].hosts[1]: found "server" a second time, expected it once'],
  },
  {
    title: 'a mapping for remote',
    yaml: group('remote: { hosts: [server] }'),
    lines: ['config.yaml:5:15 groups.First Group.remote: found a mapping, expected a list (at least 1 of: a mapping)'],
  },
  {
    title: 'a bad host_key_checking',
    yaml: group('remote:', '  - hosts: [server]', '    host_key_checking: strickt'),
    lines: [
      'config.yaml:7:30 groups.First Group.remote[0].host_key_checking: found "strickt", expected strict, accept-new or off (did you mean "strict"?)',
    ],
  },
  {
    title: 'a lease that is too short',
    yaml: group('remote:', '  - hosts: [server]', '    lease: 500ms'),
    lines: [
      'config.yaml:7:18 groups.First Group.remote[0].lease: found "500ms", expected a duration (seconds, or like 500ms, 2m, 1h) from 1s to 1d',
    ],
  },
];

describe('a wrong name or host', () => {
  it.each(BROKEN)('is refused: $title', ({ yaml, lines }) => {
    expect(errorLines(yaml)).toEqual(lines);
  });
});
