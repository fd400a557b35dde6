import { describe, expect, it } from 'vitest';
import { group, queue, read, text } from './broken-yaml.spec.helper.js';
import type { DistributedArchitectureConfig } from './distributed-architecture-config.js';
import { resolveGroup } from './resolve-group.js';
import { resolveQueueGroup } from './resolve-queue-group.js';
import { renderConfiguration } from './show-configuration.js';

/** What runs by a configuration. */
function resolved({ groups, queueGroups, ...root }: DistributedArchitectureConfig) {
  return {
    ...root,
    groups: groups.map((each) => ({
      local: each.local && { count: each.local.instancesCount ?? 1, ...resolveGroup(each, each.local) },
      remote: each.remote?.map((remote) => ({
        hosts: remote.hosts,
        username: remote.username,
        lease: remote.lease ?? 30,
        ...resolveGroup(each, remote),
      })),
    })),
    queueGroups: queueGroups.map((each) => {
      const { blocks, feeder, consumers, onDemand } = resolveQueueGroup(each);
      const port = (each.remoteFeeder ?? each.localFeeder)?.port ?? 9999;
      return {
        feeder,
        port,
        consumers,
        onDemand,
        blocks: blocks.map(({ config, hosts, count, options }) => [config, hosts, count, options.port ?? port]),
      };
    }),
  };
}

const ROOT = { name: undefined, log: expect.anything(), pidPath: expect.anything() };

const GROUPS: [string, string][] = [
  ['a group with nothing but defaults', group('local: {}')],
  [
    'a program here and a command elsewhere',
    group('local: { console: false }', 'remote: [{ hosts: [one, "me@two:22"] }]'),
  ],
  [
    'a group with settings of its own in each block',
    group(
      'timeout: 5',
      'memory_limit: 100',
      'restart: always',
      'reload: { batch: 2, order: start-first }',
      'params: { a: { b: [1, null, true, "x"] }, "key with space": "yes" }',
      'local: { memory_limit: 0, stop_timeout: 1, path: sub }',
      'remote: [{ hosts: [one], username: you, lease: 60, path: ~/x, timeout: 0 }]',
    ),
  ],
  ['a queue group', queue('local_feeder: {}', 'consumers: { local: {} }')],
  [
    'a queue group with consumers on demand',
    queue(
      'concurrency: 4',
      'restart: never',
      'local_feeder: { bind_to: 10.0.0.1, port: 9001, timeout: 3 }',
      'consumers: { local: { max_instances: 5 }, remote: [{ hosts: [one, two], instances_count: 2, host: 10.0.0.1 }] }',
    ),
  ],
  [
    'a queue group with a feeder on another host',
    queue('remote_feeder: { hosts: [one], bind_to: one }', 'consumers: { remote: [{ hosts: [two], host: one }] }'),
  ],
];

describe('a configuration that is shown', () => {
  it.each(GROUPS)('loads again and means the same: %s', (_, yaml) => {
    const config = read(yaml);
    const again = read(renderConfiguration(config), { refuseUnsupported: true });
    expect({ ...resolved(again), ...ROOT }).toEqual({ ...resolved(config), ...ROOT });
  });

  it('has the defaults of the master', () => {
    const shown = read(renderConfiguration(read(group('local: {}'))));
    expect(shown.log).toEqual({ path: '/srv/app/var', level: 'log', format: 'text', maxSize: 100, maxFiles: 30 });
    expect(shown.metrics).toBeUndefined();
  });

  it('keeps dollar signs from becoming variables', () => {
    const shown = read(renderConfiguration(read(group('local: {}', 'params: { price: "$${NOT_A_VARIABLE} $$5" }'))));
    expect(shown.groups[0]?.params).toEqual({ price: '${NOT_A_VARIABLE} $5' });
  });

  it('has names of groups whatever they are', () => {
    const name = 'yes: "Größe" # 1';
    const yaml = JSON.stringify({ distributed_architecture: { groups: { [name]: { command: 'a', local: {} } } } });
    expect(read(renderConfiguration(read(yaml))).groups[0]?.name).toBe(name);
  });
});

describe('what may be secret', () => {
  const SECRET = 'S3CRET';

  it.each([
    'env: { ANYTHING: S3CRET }',
    'params: { apiKey: S3CRET }',
    'params: { mail: { smtp_password: S3CRET, user: me } }',
    'params: { accounts: [{ token: [S3CRET] }] }',
    'params: { database: "postgres://me:S3CRET@db/app" }',
    'params: { list: ["see amqp://me:S3CRET@one and redis://:S3CRET@two"] }',
    'params: { key: "${SECRET_OF_THE_ENVIRONMENT}" }',
  ])('is not shown: %s', (line) => {
    const shown = renderConfiguration(read(group('local: {}', line), { env: { SECRET_OF_THE_ENVIRONMENT: SECRET } }));
    expect(shown).not.toContain(SECRET);
    expect(shown).toContain('***');
  });

  it('is not shown of what is executed', () => {
    const yaml = group('local: { bin_path: "http://u:S3CRET@h" }', 'console: "redis://u:S3CRET@h/main.js"').replace(
      'app:test',
      '"x --password S3CRET --db redis://u:S3CRET@h"',
    );
    const shown = renderConfiguration(read(yaml));
    expect(shown).not.toContain(SECRET);
    expect(shown).toContain('x --password *** --db redis://u:***@h');
  });

  it('is not shown of a key of SSH', () => {
    expect(renderConfiguration(read(group('remote: [{ hosts: [a], passphrase_env: S3CRET }]')))).not.toContain(SECRET);
  });

  it('does not hide the rest', () => {
    const shown = renderConfiguration(
      read(text(group('local: {}', 'params: { monkey: 1, keyboard: us, url: "http://a/b" }').trimEnd())),
    );
    expect(shown).toContain('monkey: 1');
    expect(shown).toContain('keyboard: us');
    expect(shown).toContain('http://a/b');
  });
});
