import { describe, expect, it } from 'vitest';
import { type BrokenYaml, HOST, errorLines, group, queue, read, text } from './broken-yaml.spec.helper.js';

const TWO_QUEUES = (first: string, second: string) =>
  text(
    'distributed_architecture:',
    '  queue_groups:',
    `    Q: { command: q, remote_feeder: { bind_to: 0.0.0.0, ${first} }, consumers: { local: { host: one } } }`,
    `    R: { command: r, remote_feeder: { bind_to: 0.0.0.0, ${second} }, consumers: { local: { host: one } } }`,
  );

const SAME_AGENT = (there: string, here: string, what: string) =>
  `${what}: hosts[${there}] there and hosts[${here}] here are one agent (user, host, port, path and bin_path are the same), which is reached in one way; expected the same in both`;

const NO_BIND_TO =
  "the key bind_to is missing: consumers on another machine cannot reach a feeder that listens at localhost (its default), expected an address of the feeder's machine (or 0.0.0.0 for all)";
const OWN_MACHINE =
  'for consumers on another machine than the feeder that is their own machine, expected the host or address at which these consumers reach the feeder';

const BROKEN: BrokenYaml[] = [
  {
    title: 'a host that is none',
    yaml: group('remote: [{ hosts: ["one two", "ssh://one", "one/app", "[one]", "me@", "-l@one", "::1]:22"] }]'),
    lines: [
      `config.yaml:5:26 groups.First Group.remote[0].hosts[0]: found "one two", expected ${HOST}`,
      `config.yaml:5:37 groups.First Group.remote[0].hosts[1]: found "ssh://one", expected ${HOST}`,
      `config.yaml:5:50 groups.First Group.remote[0].hosts[2]: found "one/app", expected ${HOST}`,
      `config.yaml:5:61 groups.First Group.remote[0].hosts[3]: found "[one]", expected ${HOST}`,
      `config.yaml:5:70 groups.First Group.remote[0].hosts[4]: found "me@", expected ${HOST}`,
      `config.yaml:5:77 groups.First Group.remote[0].hosts[5]: found "-l@one", expected ${HOST}`,
      `config.yaml:5:87 groups.First Group.remote[0].hosts[6]: found "::1]:22", expected ${HOST}`,
    ],
  },
  {
    title: 'one host in place of a list',
    yaml: group('remote: [{ hosts: one }]'),
    lines: [
      `config.yaml:5:25 groups.First Group.remote[0].hosts: found "one", expected a list (at least 1 of: ${HOST})`,
    ],
  },
  {
    title: 'another user than that of the block',
    yaml: group('remote:', '  - username: you', '    hosts: [one, you@one.example.org, me@two]'),
    lines: [
      'config.yaml:7:45 groups.First Group.remote[0].hosts[2]: found another user than username of the same block, expected one of the two',
    ],
  },
  {
    title: 'another user than that of the block, for a feeder',
    yaml: queue('remote_feeder: { hosts: [me@one], username: you }', 'consumers: { remote: [{ hosts: [you@one] }] }'),
    lines: [
      'config.yaml:5:32 queue_groups.Queue.remote_feeder.hosts[0]: found another user than username of the same block, expected one of the two',
    ],
  },
  {
    title: 'a host twice, in two ways of writing',
    yaml: group('remote: [{ username: me, hosts: [one, me@one, "[::1]", "::1"] }]'),
    lines: [
      'config.yaml:5:45 groups.First Group.remote[0].hosts[1]: found the user, host and port of hosts[0] a second time, expected them once',
      'config.yaml:5:62 groups.First Group.remote[0].hosts[3]: found the user, host and port of hosts[2] a second time, expected them once',
    ],
  },
  {
    title: 'a passphrase in place of the name of its variable, which is not shown',
    yaml: group('remote: [{ hosts: [one], passphrase_env: "my secret" }]'),
    lines: [
      'config.yaml:5:48 groups.First Group.remote[0].passphrase_env: found a text (not shown), expected the name of an environment variable, not its value (letters, digits, _)',
    ],
  },
  {
    title: 'ssh settings beside a local block',
    yaml: group('local: { lease: 30 }'),
    lines: [
      expect.stringMatching(/^config\.yaml:5:16 groups\.First Group\.local\.lease: found an unknown key/) as string,
    ],
  },
  {
    title: 'a connect_timeout of nothing',
    yaml: group('remote: [{ hosts: [one], connect_timeout: 0 }]'),
    lines: [
      'config.yaml:5:49 groups.First Group.remote[0].connect_timeout: found 0, expected a duration (seconds, or like 500ms, 2m, 1h) from 100ms to 1h',
    ],
  },
  {
    title: 'one agent with two leases',
    yaml: group('remote:', '  - hosts: [one, two]', '    lease: 60', '  - { hosts: [three, two, one], lease: 30 }'),
    lines: [
      `config.yaml:8:46 groups.First Group.remote[1].lease: found another ${SAME_AGENT('1', '1', 'lease than in groups.First Group.remote[0]')}`,
    ],
  },
  {
    title: 'one agent with a key in one place only; a default that is given is no difference',
    yaml: text(
      'distributed_architecture:',
      '  groups:',
      '    A: { command: a, remote: [{ hosts: [one], private_key: /key, lease: 30 }] }',
      '  queue_groups:',
      '    Q:',
      '      command: q',
      '      remote_feeder: { hosts: [one] }',
      '      consumers: { remote: [{ hosts: [one], private_key: /key, known_hosts: /known }] }',
    ),
    lines: [
      `config.yaml:7:7 queue_groups.Q.remote_feeder: the key ${SAME_AGENT('0', '0', 'private_key is missing, but given in groups.A.remote[0]')}`,
      `config.yaml:8:77 queue_groups.Q.consumers.remote[0].known_hosts: found another ${SAME_AGENT('0', '0', 'known_hosts than in groups.A.remote[0]')}`,
    ],
  },
  {
    title: 'one agent, since the paths of group and block are the same',
    yaml: group(
      'path: /srv',
      'bin_path: /node',
      'remote:',
      '  - { hosts: [one], host_key_checking: off }',
      '  - { hosts: [one], path: /srv, bin_path: /node }',
    ),
    lines: [
      `config.yaml:9:11 groups.First Group.remote[1]: the key ${SAME_AGENT('0', '0', 'host_key_checking is missing, but given in groups.First Group.remote[0]')}`,
    ],
  },
  {
    title: 'consumers elsewhere whose feeder listens at localhost',
    yaml: queue('local_feeder: {}', 'consumers: { remote: [{ hosts: [one], host: 10.0.0.1 }] }'),
    lines: [`config.yaml:5:7 queue_groups.Queue.local_feeder: ${NO_BIND_TO}`],
  },
  {
    title: 'consumers elsewhere that are not told where their feeder is',
    yaml: queue('local_feeder: { bind_to: 10.0.0.1 }', 'consumers: { local: {}, remote: [{ hosts: [one] }] }'),
    lines: [
      `config.yaml:6:40 queue_groups.Queue.consumers.remote[0]: the key host is missing, its default is localhost: ${OWN_MACHINE}`,
    ],
  },
  {
    title: 'consumers elsewhere that look for their feeder at their own machine',
    yaml: queue(
      'remote_feeder: { hosts: [one], bind_to: 10.0.0.1 }',
      'consumers:',
      '  local: { host: 127.0.0.1 }',
      '  remote: [{ hosts: [two, one], host: localhost }]',
    ),
    lines: [
      `config.yaml:7:24 queue_groups.Queue.consumers.local.host: found an address of the machine itself: ${OWN_MACHINE}`,
      `config.yaml:8:45 queue_groups.Queue.consumers.remote[0].host: found an address of the machine itself: ${OWN_MACHINE}`,
    ],
  },
  {
    title: 'consumers elsewhere with another port than their feeder',
    yaml: queue(
      'local_feeder: { bind_to: 10.0.0.1, port: 9000 }',
      'consumers:',
      '  local: { port: 1 }',
      '  remote: [{ hosts: [one], host: 10.0.0.1, port: 9999 }, { hosts: [two], host: 10.0.0.1, port: 9000 }]',
    ),
    lines: [
      'config.yaml:8:56 queue_groups.Queue.consumers.remote[0].port: found another port than the one at which the feeder listens (port of local_feeder, default 9999), expected the same',
    ],
  },
  {
    title: 'hosts of the feeder with a port in them',
    yaml: queue('local_feeder: { bind_to: "db:9999" }', 'consumers: { remote: [{ hosts: [one], host: "db:9999" }] }'),
    lines: [
      'config.yaml:5:32 queue_groups.Queue.local_feeder.bind_to: found "db:9999", expected a host or an address, without a port',
      'config.yaml:6:51 queue_groups.Queue.consumers.remote[0].host: found "db:9999", expected a host or an address, without a port',
    ],
  },
  {
    title: 'two feeders on one port of a host, for different users',
    yaml: TWO_QUEUES('hosts: [me@one]', 'hosts: ["you@ONE:22"], port: 9999'),
    lines: [
      'config.yaml:4:86 queue_groups.R.remote_feeder.port: found the host and port of the feeder of "Q" again, expected another port',
    ],
  },
  {
    title: 'a feeder here and one at a host that is this machine, on one port',
    yaml: text(
      'distributed_architecture:',
      '  queue_groups:',
      '    Q: { command: q, local_feeder: { bind_to: 0.0.0.0 }, consumers: { remote: [{ hosts: [one], host: a }] } }',
      '    R: { command: r, remote_feeder: { hosts: ["127.0.0.1"], bind_to: 0.0.0.0 }, consumers: { local: {} } }',
    ),
    lines: [
      'config.yaml:4:22 queue_groups.R.remote_feeder: found the host and port of the feeder of "Q" again, expected another port',
    ],
  },
  {
    title: 'more processes than a master can hold, told once',
    yaml: text(
      'distributed_architecture:',
      '  groups:',
      '    A: { command: a, local: { instances_count: 10000 }, remote: [{ instances_count: 10000, hosts: [a, b, c] }] }',
      '    B: { command: b, remote: [{ instances_count: 10000, hosts: [a, b, c, d, e, f, g] }] }',
      '    C: { command: c, remote: [{ instances_count: 10000, hosts: [a] }] }',
    ),
    lines: ['config.yaml:4:5 groups.B: found 110000 processes up to here, over all hosts, expected at most 100000'],
  },
];

describe('a wrong remote', () => {
  it.each(BROKEN)('is refused: $title', ({ yaml, lines }) => {
    expect(errorLines(yaml)).toEqual(lines);
  });
});

const FINE: { title: string; yaml: string }[] = [
  {
    title: 'hosts in all ways of writing',
    yaml: group('remote: [{ hosts: [one, "one:22", me@one, "me@one:22", "::1", "[::1]:22", "me@[fe80::1%eth0]:22"] }]'),
  },
  {
    title: 'other ssh settings for another user, port, path or node',
    yaml: group(
      'remote:',
      '  - { hosts: [one], lease: 10 }',
      '  - { hosts: [me@one], lease: 20 }',
      '  - { hosts: ["one:22"], lease: 30 }',
      '  - { hosts: [one], path: /srv, lease: 40 }',
      '  - { hosts: [one], bin_path: /node, lease: 50 }',
    ),
  },
  {
    title: 'one agent for programs with different things before them',
    yaml: group(
      'console: false',
      'remote:',
      '  - { hosts: [one], bin_path: /a }',
      '  - { hosts: [one], bin_path: /b }',
    ),
  },
  {
    title: 'a feeder and consumers under one agent',
    yaml: queue('remote_feeder: { hosts: [one] }', 'consumers: { remote: [{ hosts: [one] }] }'),
  },
  {
    title: 'a feeder and consumers of two users on one machine',
    yaml: queue('remote_feeder: { hosts: [me@one] }', 'consumers: { remote: [{ hosts: [you@one] }] }'),
  },
  {
    title: 'consumers that reach this machine by SSH',
    yaml: queue('local_feeder: {}', 'consumers: { remote: [{ hosts: [localhost, "127.0.0.1:2222", "::1"] }] }'),
  },
  { title: 'feeders on one port of two hosts', yaml: TWO_QUEUES('hosts: [one]', 'hosts: [two]') },
  { title: 'feeders on two ports of one host', yaml: TWO_QUEUES('hosts: [one]', 'hosts: [one], port: 9998') },
  { title: 'feeders behind two ports of one address', yaml: TWO_QUEUES('hosts: ["one:2201"]', 'hosts: ["one:2202"]') },
];

describe('what looks like it is not', () => {
  it.each(FINE)('refused: $title', ({ yaml }) => {
    expect(errorLines(yaml)).toEqual([]);
  });
});

it('what a block says of SSH is read', () => {
  const ssh = 'private_key: ~/key, passphrase_env: PASS, known_hosts: /known, host_key_checking: accept-new';
  const yaml = group(
    `remote: [{ hosts: [one], username: me, ${ssh}, lease: 1m, connect_timeout: 500ms, path: ~/app }]`,
  );
  expect(read(yaml).groups[0]!.remote).toEqual([
    {
      hosts: ['one'],
      username: 'me',
      privateKey: '/home/me/key',
      passphraseEnv: 'PASS',
      knownHosts: '/known',
      hostKeyChecking: 'accept-new',
      lease: 60,
      connectTimeout: 0.5,
      path: '~/app',
    },
  ]);
});

it('what came from the environment is in no error', () => {
  const yaml = group(
    'remote:',
    '  - { hosts: ["${HOST}"], lease: 60 }',
    '  - { hosts: ["${HOST}"], private_key: "${KEY}" }',
  );
  const lines = errorLines(yaml, { env: { HOST: 'secret-host', KEY: '/secret-key' } });
  expect(lines).toHaveLength(2);
  expect(lines.join('\n')).not.toContain('secret-');
});
