import { describe, expect, it } from 'vitest';
import { type BrokenYaml, DURATION, errorLines, group, queue, read, text } from './broken-yaml.spec.helper.js';
import { resolveGroup } from './resolve-group.js';
import { resolveQueueGroup } from './resolve-queue-group.js';

/** A configuration with one group; the first of the lines is line 2, column 3. */
function root(...lines: string[]): string {
  const tail = ['  groups:', '    A: { command: a, local: {} }'];
  return text('distributed_architecture:', ...lines.map((line) => `  ${line}`), ...tail);
}

const LEVELS = 'fatal, error, warn, log, debug or verbose';
const CONSUMERS = ['local_feeder: {}', 'consumers: { local: {} }'];

const BROKEN: BrokenYaml[] = [
  {
    title: 'an unknown level',
    yaml: root('log: { level: wran }'),
    lines: [`config.yaml:2:17 log.level: found "wran", expected ${LEVELS} (did you mean "warn"?)`],
  },
  {
    title: 'an unknown form of lines',
    yaml: root('log: { format: xml }'),
    lines: ['config.yaml:2:18 log.format: found "xml", expected text or json'],
  },
  {
    title: 'files without a size',
    yaml: root('log: { max_size: 0, max_files: 0 }'),
    lines: [
      'config.yaml:2:20 log.max_size: found 0, expected an integer from 1 to 1048576',
      'config.yaml:2:34 log.max_files: found 0, expected an integer from 1 to 100000',
    ],
  },
  {
    title: 'a text for log',
    yaml: root('log: var/log'),
    lines: ['config.yaml:2:8 log: found "var/log", expected a mapping ({} for an empty one)'],
  },
  {
    title: 'an unknown key of log',
    yaml: root('log: { maxsize: 3 }'),
    lines: [
      'config.yaml:2:10 log.maxsize: found an unknown key, expected one of path, level, format, max_size, max_files (did you mean "max_size"?)',
    ],
  },
  {
    title: 'a list for pid_path',
    yaml: root('pid_path: [var]'),
    lines: ['config.yaml:2:13 pid_path: found a list, expected a path ("~" or ~/... for the home folder)'],
  },
  {
    title: 'metrics on no port, no host and no path',
    yaml: root('metrics: { port: 0, host: "a b", path: metrics }'),
    lines: [
      'config.yaml:2:20 metrics.port: found 0, expected an integer from 1 to 65535',
      'config.yaml:2:29 metrics.host: found "a b", expected a host or an address, without a port',
      'config.yaml:2:42 metrics.path: found "metrics", expected a path that begins with /, without spaces, ? and #',
    ],
  },
  {
    title: 'a reload of nothing at a time',
    yaml: group('local: {}', 'reload: { batch: 0 }'),
    lines: ['config.yaml:6:24 groups.First Group.reload.batch: found 0, expected an integer from 1 to 10000'],
  },
  {
    title: 'a reload with a wrong pause and order',
    yaml: queue(...CONSUMERS, 'reload: { pause: soon, order: start_first }'),
    lines: [
      `config.yaml:7:24 queue_groups.Queue.reload.pause: found "soon", expected ${DURATION}`,
      'config.yaml:7:37 queue_groups.Queue.reload.order: found "start_first", expected stop-first or start-first (did you mean "start-first"?)',
    ],
  },
  {
    title: 'a reload of local alone',
    yaml: group('local: { reload: {} }'),
    lines: [expect.stringContaining('groups.First Group.local.reload: found an unknown key')],
  },
];

describe('a wrong setting of the master, or of a reload', () => {
  it.each(BROKEN)('is refused: $title', ({ yaml, lines }) => {
    expect(errorLines(yaml, { refuseUnsupported: true })).toEqual(lines);
  });
});

describe('settings of the master', () => {
  it('are read, with paths that start at the working directory', () => {
    const { log, pidPath, metrics } = read(
      root(
        'log: { path: var/log, level: debug, format: json, max_size: 5, max_files: 7 }',
        'pid_path: ~/run',
        'metrics: { port: 9000, host: "::1", path: /m }',
      ),
      { refuseUnsupported: true },
    );
    expect(log).toEqual({ path: '/srv/app/var/log', level: 'debug', format: 'json', maxSize: 5, maxFiles: 7 });
    expect(pidPath).toBe('/home/me/run');
    expect(metrics).toEqual({ port: 9000, host: '::1', path: '/m' });
  });

  it('are left open where they are not given', () => {
    expect(read(root('metrics: {}'))).toEqual({
      groups: [{ name: 'A', command: 'a', local: {} }],
      queueGroups: [],
      metrics: {},
    });
  });
});

describe('reload', () => {
  it('replaces one process after the other, and stops it first, unless a group says something else', () => {
    const { groups } = read(group('local: {}'));
    expect(resolveGroup(groups[0]!).reload).toEqual({ batch: 1, pause: 0, order: 'stop-first' });
  });

  it('is that of the group', () => {
    const { groups } = read(group('local: {}', 'reload: { batch: 3, pause: 500ms, order: start-first }'), {
      refuseUnsupported: true,
    });
    expect(resolveGroup(groups[0]!).reload).toEqual({ batch: 3, pause: 0.5, order: 'start-first' });
  });

  it('starts successors of consumers first', () => {
    const { queueGroups } = read(queue(...CONSUMERS, 'reload: { batch: 2 }'), { refuseUnsupported: true });
    expect(resolveQueueGroup(queueGroups[0]!).consumer.reload).toEqual({ batch: 2, pause: 0, order: 'start-first' });
  });
});
