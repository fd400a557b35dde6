import { describe, expect, it } from 'vitest';
import type { QueueGroupOptions } from './queue-group-options.js';
import { resolveQueueGroup } from './resolve-queue-group.js';

const resolve = (options: Partial<QueueGroupOptions>) =>
  resolveQueueGroup({ name: 'Queue', command: 'work', localFeeder: {}, consumers: { local: {} }, ...options });

describe('resolveQueueGroup', () => {
  it('fills in the defaults', () => {
    const { feeder, consumer, consumers, onDemand } = resolve({});
    expect(feeder).toEqual(consumer);
    expect(feeder).toMatchObject({ name: 'Queue', command: 'work', timeout: 30, restart: 'on-failure' });
    expect(feeder.queue).toEqual({
      concurrency: 1,
      window: 'auto',
      maxItemSize: 1_048_576,
      itemTimeout: 0,
      abortGrace: 1,
      pollInterval: 1,
      targetLatency: 1,
    });
    expect(consumers).toBe(1);
    expect(onDemand).toBeUndefined();
  });

  it('takes for feeder and consumers what their blocks say, else what the group says', () => {
    const { feeder, consumer } = resolve({
      timeout: 5,
      restart: 'always',
      env: { A: '1', B: '1' },
      localFeeder: { timeout: 7, env: { B: '2' } },
      consumers: { local: { restart: 'never', priority: 3 } },
    });
    expect(feeder).toMatchObject({ timeout: 7, restart: 'always', priority: 0, env: { A: '1', B: '2' } });
    expect(consumer).toMatchObject({ timeout: 5, restart: 'never', priority: 3, env: { A: '1', B: '1' } });
  });

  it.each([
    { options: {}, abortGrace: 1 },
    { options: { concurrency: 2 }, abortGrace: 5 },
    { options: { concurrency: 2, abortGrace: 0 }, abortGrace: 0 },
  ])('with $options a timed out item has $abortGrace s to let go', ({ options, abortGrace }) => {
    expect(resolve(options).consumer.queue).toMatchObject({ abortGrace });
  });

  it.each([
    { local: { instancesCount: 3 }, consumers: 3, onDemand: undefined },
    { local: { minInstances: 1 }, consumers: 2, onDemand: { minInstances: 1, maxInstances: 2, maxIdleTime: 0 } },
    {
      local: { maxInstances: 5, maxIdleTime: 4 },
      consumers: 5,
      onDemand: { minInstances: 0, maxInstances: 5, maxIdleTime: 4 },
    },
  ])('$local: $consumers consumers', ({ local, consumers, onDemand }) => {
    const resolved = resolve({ consumers: { local } });
    expect(resolved.consumers).toBe(consumers);
    expect(resolved.onDemand).toEqual(onDemand);
    expect(resolved.feeder.queue?.onDemand).toEqual(onDemand);
  });

  it('has a block for each kind of consumers, with the settings and the bounds of each host', () => {
    const local = { minInstances: 1, maxInstances: 2, maxIdleTime: 9, timeout: 5 };
    const remote = [
      { hosts: ['a', 'b'], maxInstances: 3, maxIdleTime: 4, restart: 'never' as const },
      { hosts: ['c'], instancesCount: 4 },
    ];
    const { blocks, consumers, onDemand, consumer } = resolve({ consumers: { local, remote } });
    expect(blocks.map(({ hosts, count, config }) => [hosts, count, config.timeout, config.restart])).toEqual([
      [undefined, 2, 5, 'on-failure'],
      [['a', 'b'], 3, 30, 'never'],
      [['c'], 4, 30, 'on-failure'],
    ]);
    expect(blocks.map(({ config }) => config.queue!.onDemand)).toEqual([
      { minInstances: 1, maxInstances: 2, maxIdleTime: 9 },
      { minInstances: 0, maxInstances: 3, maxIdleTime: 4 },
      { minInstances: 4, maxInstances: 4, maxIdleTime: 0 },
    ]);
    expect(consumer).toBe(blocks[0]!.config);
    expect(consumers).toBe(2 + 6 + 4);
    expect(onDemand).toEqual({ minInstances: 5, maxInstances: 12, maxIdleTime: 4 });
  });

  it('has no local consumers where there are remote ones only', () => {
    const { blocks, consumers } = resolve({ consumers: { remote: [{ hosts: ['a', 'b'] }] } });
    expect(blocks.map(({ hosts }) => hosts)).toEqual([['a', 'b']]);
    expect(consumers).toBe(2);
  });

  it('takes what a remote feeder says', () => {
    const options = { localFeeder: undefined, remoteFeeder: { hosts: ['a'], timeout: 7, binPath: '/node' } };
    expect(resolve(options as never).feeder).toMatchObject({ timeout: 7, binPath: '/node', restart: 'on-failure' });
  });
});
