import { describe, expect, it } from 'vitest';
import { errorLines, group, queue, text } from './broken-yaml.spec.helper.js';

const REFUSED = 'not supported yet by this version';

describe('what nothing implements yet', () => {
  it('is refused, with all else that is wrong', () => {
    const yaml = text(
      'distributed_architecture:',
      '  groups:',
      '    A:',
      '      command: a',
      '      local: { max_age: 0 }',
      '  queue_groups:',
      '    B:',
      '      command: b',
      '      source: {}',
      '      local_feeder: {}',
      '      consumers: { local: {} }',
      '  job_queues:',
      '    C: {}',
    );
    expect(errorLines(yaml, { refuseUnsupported: true })).toEqual([
      'config.yaml:5:25 groups.A.local.max_age: found 0, expected a duration (seconds, or like 500ms, 2m, 1h) from 1s to 365d',
      `config.yaml:9:7 queue_groups.B.source: ${REFUSED}`,
      `config.yaml:12:3 job_queues: ${REFUSED}`,
    ]);
  });

  it('does not keep the rest from being used', () => {
    const yaml = group(
      'timeout: 5',
      'env: { A: b }',
      'memory_limit: 100',
      'max_age: 24h',
      'depends_on: []',
      'local: { memory_limit: 0, max_age: 1h }',
    );
    expect(errorLines(yaml, { refuseUnsupported: true })).toEqual([]);
  });

  it('does not keep groups on other hosts from being used', () => {
    const yaml = group('remote: [{ hosts: [one, "me@two:22"], lease: 60, passphrase_env: PASS }]');
    expect(errorLines(yaml, { refuseUnsupported: true })).toEqual([]);
  });

  it('does not keep queue groups from being used, here and on other hosts', () => {
    const yaml = queue(
      'target_latency: 500ms',
      'item_timeout: 10',
      'local_feeder: { bind_to: 192.168.0.254, port: 9999 }',
      'consumers:',
      '  local: { min_instances: 0, max_instances: 5, max_idle_time: 5 }',
      '  remote: [{ hosts: [one], host: 192.168.0.254 }]',
    );
    expect(errorLines(yaml, { refuseUnsupported: true })).toEqual([]);
  });
});
