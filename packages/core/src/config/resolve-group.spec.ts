import { describe, expect, it } from 'vitest';
import type { GroupOptions } from './group-config.js';
import { resolveGroup } from './resolve-group.js';

const resolve = (options: Partial<GroupOptions>) => resolveGroup({ name: 'Group', command: 'work', ...options });

describe('resolveGroup', () => {
  it('fills in the defaults', () => {
    expect(resolve({})).toEqual({
      name: 'Group',
      command: 'work',
      params: {},
      reload: { batch: 1, pause: 0, order: 'stop-first' },
      console: undefined,
      binPath: undefined,
      path: undefined,
      priority: 0,
      timeout: 30,
      startTimeout: 60,
      stopTimeout: 30,
      restart: 'never',
      restartDelay: undefined,
      maxRestarts: 5,
      restartWindow: 60,
      memoryLimit: undefined,
      maxAge: undefined,
      dependsOn: [],
      env: {},
    });
  });

  it('takes limits and dependencies', () => {
    const limits = { memoryLimit: 256, maxAge: 86_400, dependsOn: ['Other'] };
    expect(resolve(limits)).toMatchObject(limits);
  });

  it('takes what local says first; what it leaves undefined hides nothing', () => {
    const group = { memoryLimit: 256, maxAge: 60, timeout: 5, env: { A: '1', B: '1' } };
    const local = { memoryLimit: 64, maxAge: 30, timeout: undefined, env: { B: '2' } } as GroupOptions['local'];
    const merged = { memoryLimit: 64, maxAge: 30, timeout: 5, stopTimeout: 5, env: { A: '1', B: '2' } };
    expect(resolve({ ...group, local })).toMatchObject(merged);
  });

  it('a memory limit of 0 is none, also where the group has one', () => {
    expect(resolve({ memoryLimit: 256, local: { memoryLimit: 0 } }).memoryLimit).toBeUndefined();
  });

  it.each([
    { options: { timeout: 0 }, times: { timeout: 0, stopTimeout: 30 } },
    { options: { console: false } as const, times: { timeout: 0, stopTimeout: 30 } },
    { options: { console: false, timeout: 5 } as const, times: { timeout: 5, stopTimeout: 5 } },
    { options: { timeout: 5, stopTimeout: 1 }, times: { timeout: 5, stopTimeout: 1 } },
  ])('$options has the times $times', ({ options, times }) => {
    expect(resolve(options)).toMatchObject(times);
  });

  it('takes what the given block says, and else the first that there is', () => {
    const remote = [
      { hosts: ['a'], timeout: 7, env: { A: '2' } },
      { hosts: ['b'], priority: 3 },
    ];
    const group = { name: 'Group', command: 'work', timeout: 5, env: { A: '1' }, remote };
    expect(resolveGroup(group)).toMatchObject({ timeout: 7, env: { A: '2' } });
    expect(resolveGroup(group, remote[1])).toMatchObject({ timeout: 5, priority: 3, env: { A: '1' } });
    expect(resolveGroup({ ...group, local: {} })).toMatchObject({ timeout: 5, env: { A: '1' } });
    expect(resolveGroup(group)).not.toHaveProperty('hosts');
  });
});
