import { describe, expect, it } from 'vitest';
import { type BrokenYaml, DURATION, HOST, errorLines, jobs, queue, text } from './broken-yaml.spec.helper.js';

const BROKEN: BrokenYaml[] = [
  {
    title: 'instances_count and max_instances',
    yaml: queue('local_feeder: {}', 'consumers:', '  local: { instances_count: 1, max_instances: 3 }'),
    lines: [
      'config.yaml:7:35 queue_groups.Queue.consumers.local.instances_count: found instances_count together with max_instances, expected one or the other',
    ],
  },
  {
    title: 'min_instances above max_instances',
    yaml: queue('local_feeder: {}', 'consumers:', '  local: { min_instances: 3 }'),
    lines: [
      'config.yaml:7:33 queue_groups.Queue.consumers.local.min_instances: found 3, expected at most max_instances (2, its default)',
    ],
  },
  {
    title: 'two feeders',
    yaml: queue('local_feeder: {}', 'remote_feeder: { hosts: [a] }', 'consumers: { local: {} }'),
    lines: [
      'config.yaml:5:21 queue_groups.Queue.local_feeder: found both local_feeder and remote_feeder, expected exactly one of them',
    ],
  },
  {
    title: 'no feeder',
    yaml: queue('consumers: { local: {} }'),
    lines: [
      'config.yaml:3:5 queue_groups.Queue: found neither local_feeder nor remote_feeder, expected exactly one of them',
    ],
  },
  {
    title: 'no consumers',
    yaml: queue('local_feeder: {}'),
    lines: ['config.yaml:3:5 queue_groups.Queue: the key consumers is missing, expected a mapping'],
  },
  {
    title: 'consumers nowhere',
    yaml: queue('local_feeder: {}', 'consumers: {}'),
    lines: [
      'config.yaml:6:7 queue_groups.Queue.consumers: found neither local nor remote, expected at least one of them',
    ],
  },
  {
    title: 'a remote feeder on two hosts',
    yaml: queue('remote_feeder: { hosts: [a, b] }', 'consumers: { local: {} }'),
    lines: [
      `config.yaml:5:31 queue_groups.Queue.remote_feeder.hosts: found a list of 2, expected a list (exactly 1 of: ${HOST})`,
    ],
  },
  {
    title: 'a port out of range',
    yaml: queue('local_feeder: { port: 65536 }', 'consumers: { local: {} }'),
    lines: ['config.yaml:5:29 queue_groups.Queue.local_feeder.port: found 65536, expected an integer from 1 to 65535'],
  },
  {
    title: 'two feeders on one port',
    yaml: text(
      'distributed_architecture:',
      '  queue_groups:',
      '    Q:',
      '      command: q',
      '      local_feeder: { bind_to: 0.0.0.0 }',
      '      consumers: { remote: [{ hosts: [a], host: 10.0.0.1 }] }',
      '    R:',
      '      command: r',
      '      local_feeder: { bind_to: 0.0.0.0, port: 9999 }',
      '      consumers: { remote: [{ hosts: [a], host: 10.0.0.1 }] }',
    ),
    lines: [
      'config.yaml:9:47 queue_groups.R.local_feeder.port: found the host and port of the feeder of "Q" again, expected another port',
    ],
  },
  {
    title: 'a bad window',
    yaml: queue('window: 0', 'local_feeder: {}', 'consumers: { local: {} }'),
    lines: ['config.yaml:5:15 queue_groups.Queue.window: found 0, expected auto, or an integer from 1 to 100000'],
  },
  {
    title: 'an unknown driver',
    yaml: jobs('source: { driver: sqllite }'),
    lines: [
      'config.yaml:4:25 job_queues.emails.source.driver: found "sqllite", expected sqlite, redis or rabbitmq (did you mean "sqlite"?)',
    ],
  },
  {
    title: 'redis without a url',
    yaml: jobs('source: { driver: redis }'),
    lines: ['config.yaml:4:7 job_queues.emails.source: the key url is missing: driver redis needs it'],
  },
  {
    title: 'a bad url, which may hold a password',
    yaml: jobs('source: { driver: redis, url: "http://me:secret@host" }'),
    lines: [
      'config.yaml:4:37 job_queues.emails.source.url: found a text (not shown), expected a URL with redis://, rediss://, amqp://, amqps://',
    ],
  },
  {
    title: 'a url for sqlite',
    yaml: jobs('source: { url: "redis://host" }'),
    lines: [
      'config.yaml:4:22 job_queues.emails.source.url: found url with driver sqlite, expected it with redis or rabbitmq only',
    ],
  },
  {
    title: 'sqlite with consumers on two hosts',
    yaml: jobs('consumers: { local: {}, remote: [{ hosts: [a] }] }'),
    lines: [
      'config.yaml:4:18 job_queues.emails.consumers: found 2 hosts for one SQLite file, expected the feeder and all consumers on one host',
    ],
  },
  {
    title: 'a bad retry_delay',
    yaml: jobs('retry_delay: soon'),
    lines: [`config.yaml:4:20 job_queues.emails.retry_delay: found "soon", expected ${DURATION}, or a mapping`],
  },
  {
    title: 'a bad type of retry_delay',
    yaml: jobs('retry_delay: { type: linear, delay: 10, max: 5 }'),
    lines: [
      'config.yaml:4:28 job_queues.emails.retry_delay.type: found "linear", expected fixed or exponential',
      'config.yaml:4:43 job_queues.emails.retry_delay.delay: found 10, expected at most max',
    ],
  },
  {
    title: 'a bad log',
    yaml: text(
      'distributed_architecture:',
      '  log: { level: info, format: xml, max_files: 0 }',
      '  groups:',
      '    A: { command: a, local: {} }',
    ),
    lines: [
      'config.yaml:2:17 log.level: found "info", expected fatal, error, warn, log, debug or verbose',
      'config.yaml:2:31 log.format: found "xml", expected text or json',
      'config.yaml:2:47 log.max_files: found 0, expected an integer from 1 to 100000',
    ],
  },
];

describe('a wrong queue', () => {
  it.each(BROKEN)('is refused: $title', ({ yaml, lines }) => {
    expect(errorLines(yaml)).toEqual(lines);
  });
});
