import { describe, expect, it } from 'vitest';
import { placeProcesses, type Placement } from '../placement/place-processes.js';
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

  it('are nothing that this version refuses', () => {
    for (const yaml of [COMPLETE, MINIMAL]) expect(errorLines(yaml, { refuseUnsupported: true })).toEqual([]);
  });

  it('load with a remote feeder as well', () => {
    const yaml = COMPLETE.replace('local_feeder:', 'remote_feeder:').replace(
      '        port: 9999\n',
      '        port: 9999\n        hosts:\n          - server-host-1\n',
    );
    expect(errorLines(yaml, { refuseUnsupported: true })).toEqual([]);
    expect(processes(yaml).slice(12, 18)).toEqual([
      '13 1/6 server-host-1 Feeder - app:test-queue-command/13/1',
      ...QUEUE_PROCESSES.slice(1),
    ]);
    expect(
      placed(yaml)
        .specs.map(({ queue }) => queue)
        .filter(Boolean),
    ).toEqual([
      { role: 'feeder', listen: ADDRESS },
      { role: 'consumer', feeder: ADDRESS },
      ...[{ role: 'consumer' }, { role: 'consumer' }],
      ...[
        { role: 'consumer', feeder: ADDRESS },
        { role: 'consumer', feeder: ADDRESS },
      ],
    ]);
  });

  it.each([
    ['the complete one', COMPLETE],
    ['the minimal one', MINIMAL],
  ])('yield these processes: %s', (_, yaml) => {
    expect(processes(yaml)).toEqual([...FIRST_PROCESSES, ...SECOND_PROCESSES, ...QUEUE_PROCESSES]);
    expect(
      placed(yaml)
        .specs.map(({ queue }) => queue)
        .filter(Boolean),
    ).toEqual([
      { role: 'feeder', listen: ADDRESS },
      { role: 'consumer' },
      ...Array.from({ length: 4 }, () => ({ role: 'consumer', feeder: ADDRESS })),
    ]);
  });

  it('need these agents: one for each user, host, path and program', () => {
    expect(placed(MINIMAL).targets).toEqual(
      ['server-host-1', 'server-host-2', 'server-host-3'].map((host) => ({ key: host, name: host, host, ssh: {} })),
    );
    const other = { path: '/the/path/to/symfony4', binPath: '/usr/bin/php7-3' };
    const ssh = { username: 'otherusername', privateKey: '/path/to/privateKey/id_rsa' };
    const plain = ['server-host-1', 'server-host-2', 'server-host-3'].map((host) => ({ name: host, ssh: {} }));
    expect(placed(COMPLETE).targets).toMatchObject([
      { name: 'server-host-1', ...other, ssh },
      { name: 'server-host-2', ...other, ssh },
      { name: 'server-host-3', path: '/the/path/to/symfony', binPath: '/usr/bin/php7', ssh: {} },
      ...plain,
    ]);
  });

  it('have the settings of their blocks', () => {
    const { specs } = placed(COMPLETE);
    expect(specs.slice(0, 8).map(({ config: { timeout, priority } }) => [timeout, priority])).toEqual([
      ...Array.from({ length: 6 }, () => [120, 10]),
      ...Array.from({ length: 2 }, () => [60, -10]),
    ]);
    for (const { config } of specs.slice(2)) expect([config.path, config.binPath]).toEqual([undefined, undefined]);
  });
});

const ADDRESS = { host: '192.168.0.254', port: 9999 };

const FIRST_PROCESSES = [
  '1 1/8 localhost app:test-command/1/1',
  '2 2/8 localhost app:test-command/2/2',
  '3 3/8 server-host-1 app:test-command/3/3',
  '4 4/8 server-host-1 app:test-command/4/4',
  '5 5/8 server-host-2 app:test-command/5/5',
  '6 6/8 server-host-2 app:test-command/6/6',
  '7 7/8 server-host-3 app:test-command/7/7',
  '8 8/8 server-host-3 app:test-command/8/8',
];

const SECOND_PROCESSES = [
  '9 1/4 localhost app:test-command-2/9/1',
  '10 2/4 server-host-1 app:test-command-2/10/2',
  '11 3/4 server-host-2 app:test-command-2/11/3',
  '12 4/4 server-host-3 app:test-command-2/12/4',
];

const QUEUE_PROCESSES = [
  '13 1/6 localhost Feeder - app:test-queue-command/13/1',
  '14 2/6 localhost Consumer - app:test-queue-command/14/2',
  '15 3/6 server-host-1 Consumer - app:test-queue-command/15/3',
  '16 4/6 server-host-1 Consumer - app:test-queue-command/16/4',
  '17 5/6 server-host-2 Consumer - app:test-queue-command/17/5',
  '18 6/6 server-host-2 Consumer - app:test-queue-command/18/6',
];

function placed(yaml: string): Placement {
  const { groups, queueGroups } = read(yaml);
  return placeProcesses([...groups, ...queueGroups]);
}

/** `id groupId/groupCount host display` of each process. */
function processes(yaml: string): string[] {
  return placed(yaml).specs.map(
    ({ id, groupId, groupCount, origin: { host, display } }) => `${id} ${groupId}/${groupCount} ${host} ${display}`,
  );
}
