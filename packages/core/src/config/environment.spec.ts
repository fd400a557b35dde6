import { describe, expect, it } from 'vitest';
import { DURATION, errorLines, group, jobs, queue, read } from './broken-yaml.spec.helper.js';
import { substitute } from './reading/substitute.js';

describe('substitute', () => {
  const env = { NAME: 'value', EMPTY: '', DOLLAR: '${NAME} $$' };

  it.each([
    ['plain text', 'plain text'],
    ['${NAME}', 'value'],
    ['a ${NAME} b ${NAME}', 'a value b value'],
    ['${NAME:-other}', 'value'],
    ['${UNSET:-other}', 'other'],
    ['${EMPTY:-other}', 'other'],
    ['${EMPTY}', ''],
    ['${UNSET:-}', ''],
    ['${UNSET:-a:-b $ c}', 'a:-b $ c'],
    ['$NAME', '$NAME'],
    ['5 $', '5 $'],
    ['$$', '$'],
    ['$${NAME}', '${NAME}'],
    ['$$$${NAME}', '$${NAME}'],
    ['$$${NAME}', '$value'],
    ['${DOLLAR}', '${NAME} $$'],
  ])('makes %j into %j', (source, expected) => {
    expect(substitute(source, env)).toMatchObject({ text: expected });
  });

  it.each(['${}', '${1A}', '${NAME', '${NAME-x}', '${NAME:?x}', '${ NAME }', '${A B}'])('refuses %j', (source) => {
    expect(substitute(source, env)).toEqual({
      problems: [`found "${source}", expected \${NAME} or \${NAME:-default} ($$ is a dollar sign)`],
    });
  });

  it('takes no name from the prototype of objects', () => {
    expect(substitute('${constructor:-none}', env)).toEqual({ text: 'none', used: true });
  });
});

describe('variables in a configuration', () => {
  const only = (yaml: string, env: Record<string, string>) => read(yaml, { env }).groups[0];

  it('become the type of their key', () => {
    const yaml = group(
      'priority: ${PRIORITY}',
      'timeout: "${TIMEOUT}"',
      'stop_timeout: ${STOP:-2}m',
      'console: ${CONSOLE}',
      'local: { instances_count: "${COUNT}" }',
    );
    const env = { PRIORITY: '-5', TIMEOUT: '1.5', CONSOLE: 'false', COUNT: '3' };
    const expected = { priority: -5, timeout: 1.5, stopTimeout: 120, console: false, local: { instancesCount: 3 } };
    expect(only(yaml, env)).toMatchObject(expected);
  });

  it('become booleans', () => {
    expect(errorLines(jobs('retry_delay: { jitter: "${JITTER}" }'), { env: { JITTER: 'true' } })).toEqual([]);
    expect(errorLines(jobs('retry_delay: { jitter: "${JITTER}" }'), { env: { JITTER: 'on' } })).toEqual([
      'config.yaml:4:30 job_queues.emails.retry_delay.jitter: found "${JITTER}" from the environment, expected true or false',
    ]);
  });

  it('stay text in params and env', () => {
    const yaml = group(
      'params: { a: "${N}", b: ["x-${N}"], c: 5 }',
      'env: { PORT: 3000, N: "${N}", V: 1.10, D: $$5 }',
      'local: {}',
    );
    const expected = { params: { a: '42', b: ['x-42'], c: 5 }, env: { PORT: '3000', N: '42', V: '1.10', D: '$5' } };
    expect(only(yaml, { N: '42' })).toMatchObject(expected);
  });

  it('cannot add structure', () => {
    const evil = 'x\n      command: other';
    expect(only(group('params: { a: "${EVIL}" }', 'local: {}'), { EVIL: evil })).toMatchObject({
      command: 'app:test',
      params: { a: evil },
    });
  });

  it('need quotes within braces, which the error says', () => {
    expect(errorLines(group('local: { instances_count: ${COUNT} }'), { env: { COUNT: '1' } })).toEqual([
      expect.stringMatching(
        /^config.yaml:5:\d+: not valid YAML: .* \(within { } and \[ \] put "\${NAME}" in quotes\)$/,
      ),
    ]);
  });

  it('are not taken in keys', () => {
    const yaml = group('params: { "${N}": 1 }', 'local: {}');
    expect(only(yaml, { N: 'x' })?.params).toEqual({ '${N}': 1 });
  });

  it('that are not set are errors, all of them, wherever they stand', () => {
    expect(errorLines(group('timeout: ${A}', 'params: { list: [1, "x ${B} ${C}"] }', 'local: {}'))).toEqual([
      'config.yaml:5:16 groups.First Group.timeout: the environment variable A is not set, and has no default (${A:-default})',
      'config.yaml:6:27 groups.First Group.params.list[1]: the environment variable B is not set, and has no default (${B:-default})',
      'config.yaml:6:27 groups.First Group.params.list[1]: the environment variable C is not set, and has no default (${C:-default})',
    ]);
  });

  it('are never shown in errors', () => {
    const env = { SECRET: 'pa55word' };
    const yaml = [
      group(
        'timeout: ${SECRET}',
        'restart: "${SECRET}"',
        'local: { instances_count: "${SECRET}" }',
        'path: [ "${SECRET}" ]',
      ),
      group('local: ${SECRET}', 'remote: [{ hosts: ["${SECRET}/"] }]', 'depends_on: ["${SECRET}"]'),
      jobs('source: { driver: redis, url: "http://${SECRET}" }'),
      queue('window: ${SECRET}', 'local_feeder: {}', 'consumers: { local: {} }'),
    ];
    const lines = yaml.flatMap((each) => errorLines(each, { env }));
    expect(lines).toHaveLength(9);
    expect(lines.join('\n')).not.toContain('pa55word');
    expect(lines[0]).toBe(
      `config.yaml:5:16 groups.First Group.timeout: found "\${SECRET}" from the environment, expected ${DURATION}`,
    );
  });

  it('that hold numbers out of range are not shown either', () => {
    expect(errorLines(group('priority: ${P}', 'local: {}'), { env: { P: '4711' } })).toEqual([
      'config.yaml:5:17 groups.First Group.priority: found "${P}" from the environment, expected an integer from -20 to 19',
    ]);
    const consumers = 'consumers: { local: { min_instances: 5, max_instances: "${P}" } }';
    expect(errorLines(queue('local_feeder: {}', consumers), { env: { P: '4' } })).toEqual([
      'config.yaml:6:44 queue_groups.Queue.consumers.local.min_instances: found 5, expected at most max_instances',
    ]);
  });
});
