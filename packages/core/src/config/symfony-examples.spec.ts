import { describe, expect, it } from 'vitest';
import { errorLines, read, text } from './broken-yaml.spec.helper.js';

/* The structure of the two complete examples of symfony-distributed-architecture: such files load unchanged. */

const QUEUES = [
  '  queue_groups:',
  '    Thrird Group:',
  '      command: app:test-queue-command',
  '      local_feeder:',
  '        bind_to: 192.168.0.254',
  '        port: 9999',
  '      consumers:',
  '        local:',
  '          instances_count: 1',
  '          host: 192.168.0.254',
  '        remote:',
  '          -',
  '            instances_count: 2',
  '            host: 192.168.0.254',
  '            hosts:',
  '              - server-host-1',
  '              - server-host-2',
];

const PARAMS = ['      params:', '        Param1: Value1 ', '        Param2: Value2'];

const SECOND_GROUP = [
  '    Second Group:',
  '      command: app:test-command-2',
  ...PARAMS,
  '      local:',
  '        instances_count: 1',
  '      remote:',
  '        -',
  '          instances_count: 1',
  '          hosts:',
  '            - server-host-1',
  '            - server-host-2',
  '            - server-host-3',
];

const COMPLETE = text(
  'distributed_architecture:',
  '  groups:',
  '    First Group:',
  '      command: app:test-command',
  '      bin_path: /usr/bin/php7',
  '      path: /the/path/to/symfony',
  '      priority: -10',
  '      timeout: 60',
  ...PARAMS,
  '      local:',
  '        instances_count: 2',
  '        bin_path: /usr/bin/php7-3',
  '        path: /the/path/to/symfony4',
  '        priority: 10',
  '        timeout: 120',
  '      remote:',
  '        -',
  '          instances_count: 2',
  '          username: otherusername',
  '          private_key: /path/to/privateKey/id_rsa',
  '          bin_path: /usr/bin/php7-3',
  '          path: /the/path/to/symfony4',
  '          priority: 10',
  '          timeout: 120',
  '          hosts:',
  '            - server-host-1',
  '            - server-host-2',
  '        -',
  '          instances_count: 2',
  '          hosts:',
  '            - server-host-3',
  ...SECOND_GROUP,
  ...QUEUES,
);

const MINIMAL = text(
  'distributed_architecture:',
  '  groups:',
  '    First Group:',
  '      command: app:test-command',
  ...PARAMS,
  '      local:',
  '        instances_count: 2',
  '      remote:',
  '        -',
  '          instances_count: 2',
  '          hosts:',
  '            - server-host-1',
  '            - server-host-2',
  '        -',
  '          instances_count: 2',
  '          hosts:',
  '            - server-host-3',
  ...SECOND_GROUP,
  ...QUEUES,
);

const second = {
  name: 'Second Group',
  command: 'app:test-command-2',
  params: { Param1: 'Value1', Param2: 'Value2' },
  local: { instancesCount: 1 },
  remote: [{ instancesCount: 1, hosts: ['server-host-1', 'server-host-2', 'server-host-3'] }],
};

const queueGroups = [
  {
    name: 'Thrird Group',
    command: 'app:test-queue-command',
    localFeeder: { bindTo: '192.168.0.254', port: 9999 },
    consumers: {
      local: { instancesCount: 1, host: '192.168.0.254' },
      remote: [{ instancesCount: 2, host: '192.168.0.254', hosts: ['server-host-1', 'server-host-2'] }],
    },
  },
];

describe('the examples of the Symfony bundle', () => {
  it('load: the complete one', () => {
    const overrides = { binPath: '/usr/bin/php7-3', path: '/the/path/to/symfony4', priority: 10, timeout: 120 };
    const first = {
      name: 'First Group',
      command: 'app:test-command',
      binPath: '/usr/bin/php7',
      path: '/the/path/to/symfony',
      priority: -10,
      timeout: 60,
      params: { Param1: 'Value1', Param2: 'Value2' },
      local: { instancesCount: 2, ...overrides },
      remote: [
        {
          instancesCount: 2,
          username: 'otherusername',
          privateKey: '/path/to/privateKey/id_rsa',
          ...overrides,
          hosts: ['server-host-1', 'server-host-2'],
        },
        { instancesCount: 2, hosts: ['server-host-3'] },
      ],
    };
    expect(read(COMPLETE)).toEqual({ groups: [first, second], queueGroups });
  });

  it('load: the minimal one', () => {
    const first = {
      name: 'First Group',
      command: 'app:test-command',
      params: { Param1: 'Value1', Param2: 'Value2' },
      local: { instancesCount: 2 },
      remote: [
        { instancesCount: 2, hosts: ['server-host-1', 'server-host-2'] },
        { instancesCount: 2, hosts: ['server-host-3'] },
      ],
    };
    expect(read(MINIMAL)).toEqual({ groups: [first, second], queueGroups });
  });

  it('are refused for now for what is on other hosts only', () => {
    expect(errorLines(COMPLETE, { refuseUnsupported: true })).toEqual([
      'config.yaml:18:7 groups.First Group.remote: not supported yet by this version',
      'config.yaml:41:7 groups.Second Group.remote: not supported yet by this version',
      'config.yaml:58:9 queue_groups.Thrird Group.consumers.remote: not supported yet by this version',
    ]);
  });

  it('load without what is on other hosts', () => {
    const yaml = text(...withoutRemote(COMPLETE.split('\n')));
    const { remote: _, ...consumers } = queueGroups[0]!.consumers;
    expect(read(yaml, { refuseUnsupported: true })).toMatchObject({
      groups: [{ name: 'First Group' }, { name: 'Second Group' }],
      queueGroups: [{ ...queueGroups[0], consumers }],
    });
  });
});

/** Leaves out the key `remote` wherever it stands, with all below it. */
function withoutRemote(lines: readonly string[]): string[] {
  let depth = Infinity;
  return lines.filter((line) => {
    const indent = line.search(/\S/);
    if (indent <= depth) depth = line.trim() === 'remote:' ? indent : Infinity;
    return depth === Infinity;
  });
}
