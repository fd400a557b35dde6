import { describe, expect, it } from 'vitest';
import { ConfigError } from '../config/config-error.js';
import type { GroupOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import { group } from '../testing/process-specs.js';
import { placeProcesses } from './place-processes.js';

type AnyGroup = GroupOptions | QueueGroupOptions;

const queue = (options: Partial<QueueGroupOptions>): QueueGroupOptions => ({
  name: 'Queue',
  command: 'work',
  consumers: {},
  ...options,
});

/** `id groupId/groupCount host display @agent` of each process. */
function table(...groups: AnyGroup[]): string[] {
  return placeProcesses(groups).specs.map(({ id, groupId, groupCount, origin: { host, display }, agent }) =>
    [id, `${groupId}/${groupCount}`, host, display, ...(agent === undefined ? [] : [`@${agent}`])].join(' '),
  );
}

const TABLES: { title: string; groups: AnyGroup[]; expected: string[] }[] = [
  {
    title: 'a group that says nothing of where it runs is here, once',
    groups: [group()],
    expected: ['1 1/1 localhost work/1/1'],
  },
  {
    title: 'a group with hosts only has no process here',
    groups: [group({ remote: [{ hosts: ['one'] }] })],
    expected: ['1 1/1 one work/1/1 @one'],
  },
  {
    title: 'local comes first, then each remote in order, then each host in order',
    groups: [
      group({
        remote: [{ instancesCount: 2, hosts: ['two', 'one'] }, { hosts: ['one'] }],
        local: { instancesCount: 2 },
      }),
      group({ name: 'Next', local: {} }),
    ],
    expected: [
      ...['1 1/7 localhost work/1/1', '2 2/7 localhost work/2/2'],
      ...['3 3/7 two work/3/3 @two', '4 4/7 two work/4/4 @two'],
      ...['5 5/7 one work/5/5 @one', '6 6/7 one work/6/6 @one', '7 7/7 one work/7/7 @one'],
      '8 1/1 localhost work/8/1',
    ],
  },
  {
    title: 'the host is named without user and port',
    groups: [group({ remote: [{ username: 'you', hosts: ['me@one:2222', '[::1]:22', 'me@::1', 'two'] }] })],
    expected: [
      '1 1/4 one work/1/1 @me@one:2222',
      '2 2/4 ::1 work/2/2 @you@[::1]:22',
      '3 3/4 ::1 work/3/3 @me@::1',
      '4 4/4 two work/4/4 @you@two',
    ],
  },
  {
    title: 'the feeder comes first, wherever it is; local consumers before those of hosts',
    groups: [
      queue({
        remoteFeeder: { hosts: ['one'] },
        consumers: { local: { instancesCount: 2 }, remote: [{ hosts: ['two', 'one'] }] },
      }),
    ],
    expected: [
      '1 1/5 one Feeder - work/1/1 @one',
      ...['2 2/5 localhost Consumer - work/2/2', '3 3/5 localhost Consumer - work/3/3'],
      ...['4 4/5 two Consumer - work/4/4 @two', '5 5/5 one Consumer - work/5/5 @one'],
    ],
  },
  {
    title: 'consumers on hosts only: none is here',
    groups: [queue({ consumers: { remote: [{ hosts: ['one'] }] } })],
    expected: ['1 1/2 localhost Feeder - work/1/1', '2 2/2 one Consumer - work/2/2 @one'],
  },
  {
    title: 'on demand there are ids for all that there may be, on each host',
    groups: [
      queue({ consumers: { local: { maxInstances: 1 }, remote: [{ minInstances: 1, hosts: ['one', 'two'] }] } }),
      group(),
    ],
    expected: [
      '1 1/6 localhost Feeder - work/1/1',
      '2 2/6 localhost Consumer - work/2/2',
      ...['3 3/6 one Consumer - work/3/3 @one', '4 4/6 one Consumer - work/4/4 @one'],
      ...['5 5/6 two Consumer - work/5/5 @two', '6 6/6 two Consumer - work/6/6 @two'],
      '7 1/1 localhost work/7/1',
    ],
  },
];

describe('placeProcesses', () => {
  it.each(TABLES)('$title', ({ groups, expected }) => {
    expect(table(...groups)).toEqual(expected);
  });

  it('puts the processes of this machine under an agent when there is one', () => {
    const groups = [group(), queue({ consumers: { remote: [{ hosts: ['one'] }] } })];
    const { specs, targets } = placeProcesses(groups, { localAgent: true });
    expect(specs.map(({ agent, origin }) => [agent, origin.host])).toEqual([
      ...[
        ['localhost', 'localhost'],
        ['localhost', 'localhost'],
      ],
      ['one', 'one'],
    ]);
    expect(targets.map(({ key }) => key)).toEqual(['one']);
  });

  it('refuses what is no host', () => {
    expect(() => placeProcesses([group({ remote: [{ hosts: ['a b'] }] })])).toThrow(ConfigError);
    expect(() => placeProcesses([queue({ remoteFeeder: { hosts: [] } })])).toThrow('Queue: found "" among the hosts');
  });
});

describe('the agents', () => {
  const targetsOf = (...groups: AnyGroup[]) => placeProcesses(groups).targets;

  it('are one for each user, host, port, path and node, in the order of the configuration', () => {
    const remote = [
      { hosts: ['one', 'me@one'] },
      { hosts: ['one:22'], path: '/srv' },
      { hosts: ['one', 'one:22'], binPath: '/usr/bin/node' },
      { hosts: ['one'], username: 'me', priority: 5, timeout: 3, env: { A: 'b' }, instancesCount: 3 },
    ];
    expect(targetsOf(group({ remote }), group({ name: 'Other', remote })).map(({ key }) => key)).toEqual([
      'one',
      'me@one',
      'one:22 path="/srv"',
      'one binPath="/usr/bin/node"',
      'one:22 binPath="/usr/bin/node"',
    ]);
  });

  it('have what their blocks say of SSH; the user of the host comes before that of the block', () => {
    const ssh = { privateKey: '/key', passphraseEnv: 'PASS', knownHosts: '/known', lease: 60, connectTimeout: 3 };
    const remote = [
      { ...ssh, hostKeyChecking: 'off' as const, username: 'you', hosts: ['me@one:22', 'two'], timeout: 3 },
    ];
    expect(targetsOf(group({ path: '/srv', remote }))).toEqual([
      {
        ...{ key: 'me@one:22 path="/srv"', name: 'one', host: 'one', port: 22, path: '/srv' },
        ssh: { ...ssh, hostKeyChecking: 'off', username: 'me' },
      },
      {
        ...{ key: 'you@two path="/srv"', name: 'two', host: 'two', path: '/srv' },
        ssh: { ...ssh, hostKeyChecking: 'off', username: 'you' },
      },
    ]);
  });

  it('take what is left undefined in code for absent', () => {
    expect(targetsOf(group({ remote: [{ hosts: ['one'], lease: undefined, path: undefined } as never] }))).toEqual([
      { key: 'one', name: 'one', host: 'one', ssh: {} },
    ]);
  });

  it.each<{ title: string; consoles: GroupOptions['console'][]; entry: string | undefined; own: unknown[] }>([
    { title: 'that of their processes', consoles: ['a.js', 'a.js'], entry: 'a.js', own: [undefined, undefined] },
    { title: 'the first of several', consoles: ['a.js', 'b.js'], entry: 'a.js', own: [undefined, 'b.js'] },
    {
      title: 'the own one, where a process has it',
      consoles: ['a.js', undefined],
      entry: undefined,
      own: ['a.js', undefined],
    },
    {
      title: 'that of the slaves beside a program',
      consoles: [false, 'a.js'],
      entry: 'a.js',
      own: [false, undefined],
    },
    { title: 'the own one for programs', consoles: [false], entry: undefined, own: [false] },
  ])('have an entry script: $title', ({ consoles, entry, own }) => {
    const groups = consoles.map((console, index) => group({ name: `${index}`, console, remote: [{ hosts: ['one'] }] }));
    const { targets, specs } = placeProcesses(groups);
    expect(targets.map(({ console }) => console)).toEqual([entry]);
    expect(specs.map(({ config }) => config.console)).toEqual(own);
  });
});

describe('the configuration of a process under an agent', () => {
  it("is that of its block, without the working directory and the node, which are its agent's", () => {
    const settings = { path: '/srv', binPath: '/usr/bin/node', timeout: 7, priority: 1, env: { A: '1', B: '1' } };
    const block = { hosts: ['one'], priority: 3, memoryLimit: 9, restart: 'always' as const, env: { B: '2' } };
    const { specs } = placeProcesses([group({ ...settings, local: {}, remote: [block, { hosts: ['two'] }] })]);
    expect(specs.map(({ config }) => config)).toMatchObject([
      { path: '/srv', binPath: '/usr/bin/node', timeout: 7, priority: 1 },
      { timeout: 7, priority: 3, memoryLimit: 9, restart: 'always', env: { A: '1', B: '2' } },
      { timeout: 7, priority: 1, env: { A: '1', B: '1' } },
    ]);
    for (const { config } of specs.slice(1)) expect([config.path, config.binPath]).toEqual([undefined, undefined]);
  });

  it("keeps what stands before a program, which is not its agent's node", () => {
    const program = { console: false as const, binPath: '/bin/nice', remote: [{ hosts: ['one'], path: '/srv' }] };
    const { specs, targets } = placeProcesses([group(program)]);
    expect(specs[0]!.config).toMatchObject({ console: false, binPath: '/bin/nice', path: undefined });
    expect(targets[0]).toMatchObject({ key: 'one path="/srv"', path: '/srv' });
    expect(targets[0]).not.toHaveProperty('binPath');
  });

  it('is one object for all instances, so that it is sent once', () => {
    const { specs } = placeProcesses([group({ remote: [{ instancesCount: 3, hosts: ['one'] }] })]);
    expect(new Set(specs.map(({ config }) => config)).size).toBe(1);
  });
});

describe('feeder and consumers', () => {
  /** Where the feeder listens, and where each consumer reaches it. */
  const addresses = (options: Partial<QueueGroupOptions>) =>
    placeProcesses([queue(options)]).specs.map(({ queue: part }) =>
      part!.role === 'feeder' ? (part!.listen ?? 'socket') : (part!.feeder ?? 'socket'),
    );
  const remote = (...hosts: string[]) => ({ instancesCount: 1, hosts });
  const at = (host: string, port: number) => ({ host, port });

  it.each([
    { title: 'all here', options: { consumers: { local: {} } }, expected: ['socket', 'socket'] },
    {
      title: 'a feeder here, consumers here and elsewhere',
      options: {
        localFeeder: { bindTo: '10.0.0.1', port: 9000 },
        consumers: { local: { host: 'x', port: 1 }, remote: [{ ...remote('one'), host: '10.0.0.2' }] },
      },
      expected: [at('10.0.0.1', 9000), 'socket', at('10.0.0.2', 9000)],
    },
    {
      title: 'all under one agent',
      options: { remoteFeeder: { hosts: ['one'] }, consumers: { remote: [remote('one')] } },
      expected: ['socket', 'socket'],
    },
    {
      title: 'a feeder elsewhere, consumers there, here and on a third host',
      options: {
        remoteFeeder: { hosts: ['one'], bindTo: '0.0.0.0' },
        consumers: {
          local: { host: 'one' },
          remote: [{ ...remote('one', 'two'), host: 'one.example.org', port: 7 }],
        },
      },
      expected: [at('0.0.0.0', 9999), at('one', 9999), 'socket', at('one.example.org', 7)],
    },
    {
      title: 'two agents on one host',
      options: { remoteFeeder: { hosts: ['one'] }, consumers: { remote: [remote('me@one')] } },
      expected: [at('localhost', 9999), at('localhost', 9999)],
    },
  ])('$title', ({ options, expected }) => {
    expect(addresses(options)).toEqual(expected);
  });

  it('have what their blocks say', () => {
    const consumers = { local: { memoryLimit: 99 }, remote: [{ ...remote('one'), timeout: 9, binPath: '/node' }] };
    const { specs, targets } = placeProcesses([queue({ localFeeder: { timeout: 7 }, consumers })]);
    expect(specs.map(({ config: { timeout, memoryLimit } }) => [timeout, memoryLimit])).toEqual([
      ...[
        [7, undefined],
        [30, 99],
      ],
      [9, undefined],
    ]);
    expect(targets[0]).toMatchObject({ binPath: '/node' });
  });

  it('have a configuration of the queue with the bounds of their block; the feeder those of all', () => {
    const consumers = {
      local: { minInstances: 1, maxInstances: 4, maxIdleTime: 9 },
      remote: [
        { hosts: ['one', 'two'], maxInstances: 3, maxIdleTime: 5 },
        { hosts: ['three'], instancesCount: 2 },
      ],
    };
    const { specs } = placeProcesses([queue({ consumers })]);
    const bounds = new Map(specs.map(({ origin, config }) => [origin.host, config.queue!.onDemand]));
    expect(specs[0]!.config.queue!.onDemand).toEqual({ minInstances: 3, maxInstances: 12, maxIdleTime: 5 });
    expect(bounds.get('localhost')).toEqual({ minInstances: 1, maxInstances: 4, maxIdleTime: 9 });
    expect(bounds.get('one')).toEqual({ minInstances: 0, maxInstances: 3, maxIdleTime: 5 });
    expect(bounds.get('two')).toEqual(bounds.get('one'));
    expect(bounds.get('three')).toEqual({ minInstances: 2, maxInstances: 2, maxIdleTime: 0 });
    expect(specs).toHaveLength(1 + 4 + 6 + 2);
  });
});

describe('processes that come later', () => {
  const remote = [{ hosts: ['one'], instancesCount: 1 }];

  it('have ids after the others', () => {
    const { specs } = placeProcesses([group({ local: { instancesCount: 2 } })], { firstId: 7 });
    expect(specs.map(({ id, origin }) => `${id} ${origin.display}`)).toEqual(['7 work/7/1', '8 work/8/2']);
  });

  it('with an entry script that is not that of their agent, which runs, keep it', () => {
    const { targets } = placeProcesses([group({ remote, console: 'a.js' })]);
    const groups = [group({ name: 'Own', remote, console: 'b.js' }), group({ name: 'Same', remote, console: 'a.js' })];
    const { specs } = placeProcesses(groups, { knownTargets: targets });
    expect(specs.map(({ config }) => config.console)).toEqual(['b.js', undefined]);
  });
});
