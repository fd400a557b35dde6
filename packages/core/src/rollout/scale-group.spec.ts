import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scaleGroup, spread } from './scale-group.js';

describe('spread', () => {
  it('keeps the proportions, and gives what is left to the largest remainders, the first one first', () => {
    expect(spread(4, [2, 2])).toEqual([2, 2]);
    expect(spread(5, [2, 2])).toEqual([3, 2]);
    expect(spread(4, [1, 1, 1])).toEqual([2, 1, 1]);
    expect(spread(10, [1, 2, 4])).toEqual([1, 3, 6]);
    expect(spread(1, [1, 5])).toEqual([0, 1]);
  });

  it('gives away exactly what there is, and nobody is off by one or more', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), weights, (count, each) => {
        const shares = spread(count, each);
        const total = each.reduce((sum, weight) => sum + weight, 0);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(count);
        if (total === 0) return;
        for (const [index, share] of shares.entries()) {
          expect(Math.abs(share - (count * each[index]!) / total)).toBeLessThan(1);
        }
      }),
    );
  });
});

describe('scaleGroup', () => {
  it('changes the number of a group that runs here', () => {
    const group = { name: 'Group', command: 'work', timeout: 5 };
    expect(scaleGroup(group, 3)).toEqual({ ...group, local: { instancesCount: 3 } });
    expect(scaleGroup({ ...group, local: { priority: 1 } }, 2).name).toBe('Group');
  });

  it('spreads over hosts, by as few blocks as that takes; a host may be left with none', () => {
    const group = {
      name: 'Group',
      command: 'work',
      local: { instancesCount: 2 },
      remote: [{ instancesCount: 2, hosts: ['a', 'b', 'c'], username: 'deploy' }, { hosts: ['d'] }],
    };
    expect(scaleGroup(group, 5)).toEqual({
      ...group,
      local: { instancesCount: 1 },
      remote: [
        { instancesCount: 1, hosts: ['a', 'b', 'c'], username: 'deploy' },
        { instancesCount: 1, hosts: ['d'] },
      ],
    });
    expect(scaleGroup(group, 3)).toMatchObject({
      local: { instancesCount: 1 },
      remote: [
        { instancesCount: 1, hosts: ['a', 'b'], username: 'deploy' },
        { instancesCount: 0, hosts: ['c'], username: 'deploy' },
        { instancesCount: 0, hosts: ['d'] },
      ],
    });
  });

  it('changes the consumers of a queue group, and of those on demand the bounds', () => {
    const queue = { name: 'Queue', command: 'queue' };
    expect(scaleGroup({ ...queue, consumers: { local: {} } }, 4)).toEqual({
      ...queue,
      consumers: { local: { instancesCount: 4 } },
    });
    const consumers = {
      local: { minInstances: 3, maxInstances: 6, maxIdleTime: 5 },
      remote: [{ hosts: ['a'], instancesCount: 2 }],
    };
    expect(scaleGroup({ ...queue, consumers }, 2)).toEqual({
      ...queue,
      consumers: {
        local: { minInstances: 2, maxInstances: 2, maxIdleTime: 5 },
        remote: [{ hosts: ['a'], instancesCount: 0 }],
      },
    });
  });

  it.each([0, -1, 1.5, Number.NaN, 100_001])('refuses %d', (count) => {
    expect(() => scaleGroup({ name: 'Group', command: 'work' }, count)).toThrow('cannot have');
  });
});
