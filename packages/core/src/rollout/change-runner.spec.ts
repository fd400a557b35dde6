import { describe, expect, it, vi } from 'vitest';
import { Attempt, GROUP, QUEUE, startFleet, told } from './change-runner.spec.helper.js';

describe('a change', () => {
  it('that breaks down is told as such, and is not in the way of the next one', async () => {
    const { fleet, runner } = startFleet(GROUP);
    vi.spyOn(fleet, 'recycle').mockImplementationOnce(() => {
      throw new Error('broken');
    });
    await expect(runner.restart('Group')).rejects.toThrow('broken');
    expect([runner.running, fleet.clock.waiting]).toEqual([undefined, 0]);
    const restart = new Attempt(runner.restart('Group').then(() => 'done'));
    for (const id of [1, 2, 3]) fleet.exit(id);
    await told();
    expect(restart.result).toBe('done');
  });

  it('in the number of processes keeps the `reload` that the group has got since', async () => {
    const { fleet, runner } = startFleet(GROUP);
    const scale = async (count: number): Promise<void> => {
      const scaled = runner.scale('Group', count);
      for (const id of fleet.idsOf('Group')) fleet.exit(id);
      for (const id of fleet.retired) fleet.exit(id);
      await scaled;
    };
    await scale(2);
    fleet.updateGroup({ ...fleet.groups[0]!, reload: { batch: 7 } });
    await scale(4);
    expect(fleet.groups[0]).toMatchObject({ local: { instancesCount: 4 }, reload: { batch: 7 } });
  });
});

describe('a reload in the pause between two batches', () => {
  it('ends when the group is suspended', async () => {
    const { fleet, runner } = startFleet({ ...GROUP, reload: { pause: 10 } });
    const reload = new Attempt(runner.reload());
    fleet.exit(1);
    fleet.ready(1);
    fleet.suspend('Group');
    fleet.clock.advance(10_000);
    await told();
    expect(reload.result).toMatchObject({ completed: false, replaced: 1, reason: 'group Group was suspended' });
  });

  it('goes on when a consumer of the batch is let go', async () => {
    const { fleet, runner } = startFleet({ ...QUEUE, reload: { pause: 10, order: 'stop-first' } });
    const reload = new Attempt(runner.reload());
    fleet.exit(2);
    fleet.ready(2);
    fleet.letGo(2);
    fleet.clock.advance(10_000);
    await told();
    expect(reload.isPending).toBe(true);
    expect(fleet.asked).toEqual(['recycle 2', 'recycle 3']);
  });
});

describe('the time that a change has', () => {
  it('begins anew with each process that is ready', async () => {
    const { fleet, runner } = startFleet();
    const apply = new Attempt(runner.apply([GROUP]));
    await told();
    for (const id of [1, 2]) {
      fleet.clock.advance(14_000);
      fleet.ready(id);
    }
    fleet.clock.advance(14_000);
    await told();
    expect(apply.isPending).toBe(true);
    fleet.ready(3);
    await told();
    expect(apply.result).toMatchObject({ completed: true });
  });

  it('has no bound where there is no start_timeout', async () => {
    const { fleet, runner } = startFleet();
    const apply = new Attempt(runner.apply([{ ...GROUP, startTimeout: 0 }]));
    await told();
    fleet.clock.advance(86_400_000);
    await told();
    expect(apply.isPending).toBe(true);
    fleet.ready(1, 2, 3);
    await told();
    expect(apply.result).toMatchObject({ completed: true });
  });

  it('of a restart is longer by what consumers may need for the items of their feeder', async () => {
    const { fleet, runner } = startFleet({ ...QUEUE, itemTimeout: 100, abortGrace: 10 });
    const restart = new Attempt(runner.restart('Queue').then(() => 'done'));
    for (const id of [2, 3]) fleet.exit(id);
    fleet.clock.advance(120_000);
    fleet.exit(1);
    await told();
    expect(restart.result).toBe('done');
  });
});
