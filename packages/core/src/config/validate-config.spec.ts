import { describe, expect, it } from 'vitest';
import { DURATION } from './broken-yaml.spec.helper.js';
import { ConfigError } from './config-error.js';
import type { DistributedArchitectureOptions } from './distributed-architecture-config.js';
import { validateConfig } from './load-config.js';

const options = { cwd: '/srv/app', env: { HOME: '/home/me', NAME: 'value' } };

/** What TypeScript would refuse reaches it from JavaScript. */
async function lines(input: unknown): Promise<string[]> {
  try {
    await validateConfig(input as DistributedArchitectureOptions, options);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
}

describe('validateConfig', () => {
  it('takes groups as a list', async () => {
    const groups = [{ name: 'A', command: 'a', binPath: '~/node', path: 'x', local: { instancesCount: 2 } }];
    expect(await validateConfig({ name: 'app', groups }, options)).toEqual({
      name: 'app',
      groups: [{ name: 'A', command: 'a', binPath: '/home/me/node', path: '/srv/app/x', local: { instancesCount: 2 } }],
      queueGroups: [],
    });
  });

  it('takes groups by their names', async () => {
    const config = await validateConfig(
      { groups: { B: { command: 'b', local: {} }, A: { command: 'a', local: {} } } },
      options,
    );
    expect(config.groups.map(({ name }) => name)).toEqual(['B', 'A']);
  });

  it('takes queue groups, by their names or as a list, with groups or without', async () => {
    const own = { command: 'q', localFeeder: {}, consumers: { local: { instancesCount: 3 } } };
    const config = await validateConfig({ queueGroups: { Q: own } }, options);
    expect(config).toEqual({ groups: [], queueGroups: [{ name: 'Q', ...own }] });
    expect(await validateConfig({ queueGroups: [{ name: 'Q', ...own }] }, options)).toEqual(config);
  });

  it('takes nothing from the environment, and undefined for absent', async () => {
    const groups = [{ name: 'A', command: 'a', params: { a: '${NAME} $$' }, timeout: undefined, local: {} }];
    const config = await validateConfig({ groups }, options);
    expect(config.groups).toEqual([{ name: 'A', command: 'a', params: { a: '${NAME} $$' }, local: {} }]);
  });

  it('obeys the rules of the file, without positions and with its own names', async () => {
    expect(
      await lines({
        groups: [
          { name: 'A', command: 'a', bin_path: 'x', timeout: 'abc', local: { instancesCount: 0 } },
          { name: 'A', command: 'b' },
          { command: 'c', local: {} },
          { name: 'D', local: {} },
          7,
        ],
      }),
    ).toEqual([
      expect.stringMatching(/^groups\.A\.bin_path: found an unknown key, .* \(did you mean "binPath"\?\)$/),
      `groups.A.timeout: found "abc", expected ${DURATION}`,
      'groups.A.local.instancesCount: found 0, expected an integer from 1 to 10000',
      'groups.A: found neither local nor remote, expected at least one of them',
      'groups[2]: found a mapping, expected a mapping with a name',
      'groups.D: the key command is missing, expected a text of one line, not empty',
      'groups[4]: found 7, expected a mapping with a name',
      'groups.A: found the name "A" a second time (first in groups), expected names to be unique',
    ]);
  });

  it('refuses what no file could say', async () => {
    const params = { call: () => 1, when: new Date(0), big: 1n, not: NaN, map: new Map() };
    const any = 'a text, a number, true, false, null, a list or a mapping';
    expect(await lines({ groups: [{ name: 'A', command: 'a', params, local: {} }] })).toEqual([
      `groups.A.params.call: found a function, expected ${any}`,
      `groups.A.params.when: found a Date, expected ${any}`,
      `groups.A.params.big: found a bigint, expected ${any}`,
      'groups.A.params.not: found NaN, expected a finite number',
      `groups.A.params.map: found a Map, expected ${any}`,
    ]);
  });

  it('refuses more than a thousand groups', async () => {
    const groups = Array.from({ length: 1001 }, (_, index) => ({ name: `${index}`, command: 'a', local: {} }));
    expect(await lines({ groups })).toEqual(['groups: found 1001 of them, expected at most 1000']);
    expect(await lines({ groups: groups.slice(1) })).toEqual([]);
  });

  it('refuses an object that holds itself', async () => {
    const params: Record<string, unknown> = {};
    params['again'] = params;
    const [line] = await lines({ groups: [{ name: 'A', command: 'a', params, local: {} }] });
    expect(line).toMatch(/again: found more than 100 levels \(an object that holds itself\?\), expected fewer$/);
  });

  it('refuses what nothing implements yet', async () => {
    const group = { name: 'A', command: 'a', local: {} };
    expect(await lines({ groups: [group], jobQueues: [] })).toEqual(['jobQueues: not supported yet by this version']);
  });

  it('takes what is on other hosts, with the rules of the file', async () => {
    const ssh = { privateKey: '~/key', passphraseEnv: 'PASS', hostKeyChecking: 'accept-new' as const, lease: 60 };
    const remote = [{ ...ssh, hosts: ['me@one:2222'], binPath: '~/node', path: 'app', timeout: 3 }];
    const feeder = { hosts: ['two'], bindTo: '0.0.0.0' };
    const queue = { command: 'q', remoteFeeder: feeder, consumers: { local: { host: 'two' } } };
    const config = await validateConfig(
      { groups: { A: { command: 'a', remote } }, queueGroups: { Q: queue } },
      options,
    );
    expect(config.groups).toEqual([
      { name: 'A', command: 'a', remote: [{ ...remote[0], privateKey: '/home/me/key', path: '/srv/app/app' }] },
    ]);
    expect(config.queueGroups).toEqual([{ name: 'Q', ...queue }]);
    expect(
      await lines({ groups: [{ name: 'A', command: 'a', remote: [{ username: 'you', hosts: ['me@one', 'one x'] }] }] }),
    ).toEqual([expect.stringMatching(/^groups\.A\.remote\[0\]\.hosts\[1\]: found "one x", expected a host/)]);
    expect(
      await lines({ groups: [{ name: 'A', command: 'a', remote: [{ username: 'you', hosts: ['me@one'] }] }] }),
    ).toEqual([
      'groups.A.remote[0].hosts[0]: found another user than username of the same block, expected one of the two',
    ]);
  });

  it.each([[undefined], [null], ['text'], [[]]])('refuses %j as a configuration', async (input) => {
    expect(await lines(input)).toHaveLength(1);
  });
});
