import { describe, expect, it } from 'vitest';
import type { GroupOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import type { AnyGroupOptions } from './group-shape.js';
import { planChanges } from './plan-changes.js';

const group: GroupOptions = { name: 'Group', command: 'work', local: { instancesCount: 2 } };
const queue: QueueGroupOptions = { name: 'Queue', command: 'queue', consumers: { local: { instancesCount: 2 } } };

/** The plan from some groups to others, one line for each step. */
function plan(before: AnyGroupOptions[], after: AnyGroupOptions[]): string[] {
  const { steps } = planChanges({ groups: before }, { groups: after });
  return steps.map(({ action, group: name, processes, changes }) =>
    [`${action} ${name} ${processes.before}-${processes.after}`, ...changes].join('; '),
  );
}

describe('a plain group', () => {
  it('is started or stopped when it is new or gone', () => {
    expect(plan([], [group])).toEqual(['start Group 0-2']);
    expect(plan([group], [])).toEqual(['stop Group 2-0']);
  });

  it('does not differ when defaults are written down', () => {
    const same: GroupOptions = { ...group, timeout: 30, params: {}, reload: { batch: 1 }, remote: [] };
    expect(plan([group], [same])).toEqual([]);
    expect(plan([{ name: 'Group', command: 'work' }], [{ ...group, local: {} }])).toEqual([]);
  });

  it('is restarted for what its processes were told at their start', () => {
    expect(plan([group], [{ ...group, timeout: 60 }])).toEqual([
      'restart Group 2-2; timeout: 30 -> 60; stop_timeout: 30 -> 60',
    ]);
    expect(plan([group], [{ ...group, command: 'other', memoryLimit: 100, path: '/srv' }])).toEqual([
      'restart Group 2-2; command: work -> other; path: default -> /srv; memory_limit: none -> 100',
    ]);
    expect(plan([group, queue], [{ ...group, dependsOn: ['Queue'] }, queue])).toEqual([
      'restart Group 2-2; depends_on: none -> Queue',
    ]);
  });

  it('is restarted for another number of processes, since each knows it', () => {
    expect(plan([group], [{ ...group, local: { instancesCount: 3 } }])).toEqual([
      'restart Group 2-3; processes on local: 2 -> 3',
    ]);
  });

  it('is left alone when only its reload differs', () => {
    expect(plan([group], [{ ...group, reload: { batch: 2 } }])).toEqual(['update Group 2-2; reload.batch: 1 -> 2']);
  });

  it('shows no value of params, env and keys, whatever they are', () => {
    const before: GroupOptions = { ...group, params: { a: 'secret1', b: 'secret2' }, env: { TOKEN: 'secret3' } };
    const remote = { hosts: ['h'], privateKey: 'secret4', passphraseEnv: 'secret5', knownHosts: 'secret6' };
    const lines = plan([before], [{ ...group, params: { b: 'secret7', c: { d: 'secret8' } }, remote: [remote] }]);
    expect(lines).toEqual([
      'restart Group 2-3; params.a removed; params.b changed; params.c added; env.TOKEN removed; host h added',
    ]);
    const changed = plan(
      [{ ...group, remote: [remote] }],
      [{ ...group, remote: [{ hosts: ['h'], privateKey: 'secret9' }] }],
    );
    expect(changed).toEqual([
      'restart Group 3-3; h: private_key changed; h: passphrase_env removed; h: known_hosts removed',
    ]);
  });

  it('does not differ for the order of its hosts, or for their blocks', () => {
    const before: GroupOptions = { ...group, remote: [{ hosts: ['a', 'b'], instancesCount: 2 }] };
    const after: GroupOptions = {
      ...group,
      remote: [
        { hosts: ['b'], instancesCount: 2 },
        { hosts: ['a'], instancesCount: 1 },
        { hosts: ['a'], instancesCount: 1, lease: 30 },
      ],
    };
    expect(plan([before], [after])).toEqual([]);
  });

  it('says once what differs everywhere, and where what does not', () => {
    const before: GroupOptions = { ...group, remote: [{ hosts: ['a'] }, { hosts: ['b'], priority: 1 }] };
    const after: GroupOptions = {
      ...before,
      startTimeout: 5,
      remote: [{ hosts: ['a'] }, { hosts: ['b'], priority: 2 }],
    };
    expect(plan([before], [after])).toEqual(['restart Group 4-4; start_timeout: 60 -> 5; b: priority: 1 -> 2']);
  });

  it('is restarted when it becomes a queue group', () => {
    expect(plan([group], [{ ...queue, name: 'Group' }])).toEqual(['restart Group 2-3; group -> queue group']);
  });
});

describe('a queue group', () => {
  it('is scaled for another number of consumers', () => {
    const remote = [{ hosts: ['a', 'b'] }];
    const before = { ...queue, consumers: { ...queue.consumers, remote } };
    const after = {
      ...queue,
      consumers: { local: { instancesCount: 1 }, remote: [{ hosts: ['a', 'b'], instancesCount: 2 }] },
    };
    expect(plan([before], [after])).toEqual([
      'scale Queue 5-6; consumers on local: 2 -> 1; consumers on a: 1 -> 2; consumers on b: 1 -> 2',
    ]);
  });

  it('is scaled for other bounds of consumers on demand', () => {
    const onDemand = (minInstances: number, maxInstances: number): QueueGroupOptions => ({
      ...queue,
      consumers: { local: { minInstances, maxInstances } },
    });
    expect(plan([onDemand(0, 5)], [onDemand(1, 4)])).toEqual([
      'scale Queue 6-5; max_instances on local: 5 -> 4; min_instances on local: 0 -> 1',
    ]);
    expect(plan([queue], [onDemand(0, 2)])).toEqual([
      'restart Queue 3-3; local: on_demand: false -> true; local: max_idle_time: default -> 0',
    ]);
  });

  it('is restarted for another host, another port, or another setting of the queue', () => {
    const at = (port: number, hosts: string[]): QueueGroupOptions => ({
      ...queue,
      localFeeder: { port },
      consumers: { remote: [{ hosts }] },
    });
    expect(plan([at(9999, ['a'])], [at(9999, ['a', 'b'])])).toEqual(['restart Queue 2-3; host b added']);
    expect(plan([at(9999, ['a'])], [at(9998, ['a'])])).toEqual(['restart Queue 2-2; port: 9999 -> 9998']);
    expect(plan([queue], [{ ...queue, concurrency: 2 }])).toEqual([
      'restart Queue 3-3; concurrency: 1 -> 2; abort_grace: 1 -> 5',
    ]);
  });
});

describe('the order', () => {
  const named = (name: string, dependsOn: string[] = [], timeout = 30): GroupOptions => ({
    name,
    command: name,
    dependsOn,
    timeout,
  });

  it('stops what depends on others first, and starts it last', () => {
    const chain = [named('C', ['B']), named('A'), named('B', ['A'])];
    expect(plan(chain, [])).toEqual(['stop C 1-0', 'stop B 1-0', 'stop A 1-0']);
    expect(plan([], chain)).toEqual(['start A 0-1', 'start B 0-1', 'start C 0-1']);
  });

  it('stops first, then starts and restarts, then scales and updates', () => {
    const before = [named('Gone'), named('Changed'), queue, named('Updated')];
    const scaled = { ...queue, consumers: { local: { instancesCount: 3 } } };
    const after = [{ ...named('Updated'), reload: { pause: 1 } }, scaled, named('Changed', ['New'], 5), named('New')];
    expect(plan(before, after).map((line) => line.split(';')[0])).toEqual([
      'stop Gone 1-0',
      'start New 0-1',
      'restart Changed 1-1',
      'scale Queue 3-4',
      'update Updated 1-1',
    ]);
  });
});

it('names settings of the master that take effect at its next start', () => {
  const before = { groups: [], name: 'app', log: { level: 'log' as const } };
  const after = { groups: [], name: 'app', log: { level: 'debug' as const, maxSize: 5 }, pidPath: 'run/', metrics: {} };
  expect(planChanges(before, after).atRestart).toEqual([
    'log.level',
    'log.max_size',
    'pid_path',
    'metrics',
    'metrics.host',
    'metrics.port',
    'metrics.path',
  ]);
  expect(planChanges({ groups: [] }, { groups: [], log: { path: 'var/' }, pidPath: 'var/' }).atRestart).toEqual([]);
});
