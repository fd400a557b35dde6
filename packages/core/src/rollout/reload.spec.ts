import { describe, expect, it } from 'vitest';
import { Attempt, GROUP, QUEUE, startFleet, told } from './change-runner.spec.helper.js';

describe('a reload, stop-first', () => {
  it('replaces one after the other, each when the one before runs again', async () => {
    const { fleet, runner } = startFleet(GROUP);
    const reload = new Attempt(runner.reload());
    expect(fleet.shown).toEqual(['1 stopping 1', '2 running 1', '3 running 1']);
    fleet.exit(1);
    expect(fleet.shown).toEqual(['1 starting 2', '2 running 1', '3 running 1']);
    fleet.ready(1);
    expect(fleet.shown).toEqual(['1 running 2', '2 stopping 1', '3 running 1']);
    fleet.exit(2);
    fleet.ready(2);
    fleet.exit(3);
    fleet.ready(3);
    await told();
    expect(reload.result).toEqual({ completed: true, replaced: 3, left: 0 });
    expect(runner.running).toBeUndefined();
    expect(fleet.clock.waiting).toBe(0);
    expect(fleet.logged).toEqual([
      'log [Group] Reloading group Group: 1 of 3',
      'log [Group] Reloading group Group: 2 of 3',
      'log [Group] Reloading group Group: 3 of 3',
      'log Reloaded 3 processes',
    ]);
  });

  it('replaces as many at a time as the batch says, with a pause between batches', async () => {
    const { fleet, runner } = startFleet({ ...GROUP, reload: { batch: 2, pause: 3 } });
    const reload = new Attempt(runner.reload('Group'));
    expect(fleet.asked).toEqual(['recycle 1,2']);
    for (const id of [1, 2]) fleet.exit(id);
    fleet.ready(1);
    expect(fleet.asked).toHaveLength(1);
    fleet.ready(2);
    fleet.clock.advance(2999);
    expect(fleet.asked).toHaveLength(1);
    fleet.clock.advance(1);
    expect(fleet.asked).toEqual(['recycle 1,2', 'recycle 3']);
    fleet.exit(3);
    fleet.ready(3);
    await told();
    expect(reload.result).toMatchObject({ completed: true, replaced: 3 });
    expect(fleet.logged[0]).toBe('log [Group] Reloading group Group: 1 to 2 of 3');
  });

  it('stops when a new incarnation ends before it runs, and leaves it to its restart policy', async () => {
    const { fleet, runner } = startFleet(GROUP);
    const reload = new Attempt(runner.reload());
    fleet.exit(1);
    fleet.exit(1, 'backoff');
    await told();
    expect(reload.result).toEqual({
      completed: false,
      replaced: 0,
      left: 3,
      reason: 'work/1/1 has ended before it was running again',
    });
    expect(fleet.shown).toEqual(['1 backoff 2', '2 running 1', '3 running 1']);
    expect(fleet.asked).toEqual(['recycle 1']);
    expect(fleet.logged.at(-1)).toBe(
      'warn Reload stopped: work/1/1 has ended before it was running again. Replaced 0 processes, 3 left as they were',
    );
  });

  it('lets the others of the batch come to their end before it stops', async () => {
    const { fleet, runner } = startFleet({ ...GROUP, reload: { batch: 2 } });
    const reload = new Attempt(runner.reload());
    fleet.exit(1);
    fleet.exit(1, 'failed');
    await told();
    expect(reload.isPending).toBe(true);
    fleet.exit(2);
    fleet.ready(2);
    await told();
    expect(reload.result).toMatchObject({ completed: false, replaced: 1, left: 2 });
  });

  it('stops when a new incarnation does not get ready in time', async () => {
    const { fleet, runner } = startFleet(GROUP);
    const reload = new Attempt(runner.reload());
    fleet.exit(1);
    fleet.clock.advance(19_999);
    await told();
    expect(reload.isPending).toBe(true);
    fleet.clock.advance(1);
    await told();
    expect(reload.result).toMatchObject({ completed: false, left: 3, reason: 'work/1/1 is not running after 20 s' });
  });

  it('stops in the pause when a new one ends soon after it was running', async () => {
    const { fleet, runner } = startFleet({ ...GROUP, reload: { pause: 60 } });
    const reload = new Attempt(runner.reload());
    fleet.exit(1);
    fleet.ready(1);
    fleet.exit(1, 'backoff');
    await told();
    expect(reload.result).toEqual({
      completed: false,
      replaced: 1,
      left: 2,
      reason: 'work/1/1 has ended soon after it was running',
    });
    expect(fleet.clock.waiting).toBe(0);
  });

  it('counts what ends by itself in its turn as stopped', async () => {
    const { fleet, runner } = startFleet({ ...GROUP, local: {} });
    const reload = new Attempt(runner.reload());
    fleet.exit(1, 'failed');
    fleet.ready(1);
    await told();
    expect(reload.result).toMatchObject({ completed: true, replaced: 1 });
  });

  it('takes work that was done at once for a good start', async () => {
    const { fleet, runner } = startFleet({ ...GROUP, local: {} });
    const reload = new Attempt(runner.reload());
    fleet.exit(1);
    fleet.exit(1, 'stopped');
    await told();
    expect(reload.result).toMatchObject({ completed: true, replaced: 1 });
  });

  it('waits for a second before a program of its own counts as running', async () => {
    const { fleet, runner } = startFleet({ ...GROUP, console: false, local: { instancesCount: 2 } });
    const reload = new Attempt(runner.reload());
    fleet.exit(1);
    fleet.ready(1);
    fleet.clock.advance(999);
    expect(fleet.asked).toEqual(['recycle 1']);
    fleet.clock.advance(1);
    expect(fleet.asked).toEqual(['recycle 1', 'recycle 2']);
    fleet.exit(2);
    fleet.ready(2);
    fleet.clock.advance(500);
    fleet.exit(2, 'failed');
    await told();
    expect(reload.result).toMatchObject({ completed: false, replaced: 1, left: 1 });
  });

  it('leaves out what has ended, was never started or is not used, and replaces what waits for its restart', async () => {
    const { fleet, runner } = startFleet({ ...GROUP, local: { instancesCount: 4 } });
    fleet.exit(1, 'stopped');
    fleet.exit(2, 'failed');
    fleet.exit(3, 'backoff');
    fleet.letGo(4);
    const reload = new Attempt(runner.reload());
    expect(fleet.asked).toEqual(['recycle 3']);
    fleet.ready(3);
    await told();
    expect(reload.result).toEqual({ completed: true, replaced: 1, left: 0 });
  });

  it('goes on with the others when one is let go in its turn, or before it', async () => {
    const { fleet, runner } = startFleet(GROUP);
    const reload = new Attempt(runner.reload());
    fleet.letGo(2);
    fleet.letGo(1);
    expect(fleet.asked).toEqual(['recycle 1', 'recycle 3']);
    fleet.exit(3);
    fleet.ready(3);
    await told();
    expect(reload.result).toEqual({ completed: true, replaced: 1, left: 0 });
  });

  it('completes with 0 when nothing runs', async () => {
    const { fleet, runner } = startFleet({ ...GROUP, local: {} });
    fleet.exit(1, 'failed');
    expect(await runner.reload()).toEqual({ completed: true, replaced: 0, left: 0 });
  });

  it('leaves a suspended group out', async () => {
    const { fleet, runner } = startFleet(GROUP, QUEUE);
    fleet.suspend('Group');
    void runner.reload();
    expect(fleet.logged[0]).toBe('log [Group] Reload: group Group is suspended and left out');
    expect(fleet.shown.slice(-1)).toEqual(['7 starting 1']);
  });

  it('stops when its group is suspended meanwhile', async () => {
    const { fleet, runner } = startFleet(GROUP);
    const reload = new Attempt(runner.reload());
    fleet.suspend('Group');
    await told();
    expect(reload.result).toMatchObject({ completed: false, replaced: 0, reason: 'work/1/1 was suspended' });
  });

  it('waits for a host that is out of reach for start_timeout and stop_timeout, then stops', async () => {
    const remote = { ...GROUP, local: undefined, remote: [{ hosts: ['server-1'], instancesCount: 2 }] };
    const { fleet, runner } = startFleet(remote);
    const reload = new Attempt(runner.reload());
    fleet.cut(1, 2);
    fleet.clock.advance(20_000);
    await told();
    expect(reload.result).toEqual({
      completed: false,
      replaced: 0,
      left: 2,
      reason: 'work/1/1 on server-1 is not running after 20 s: server-1 is unreachable',
    });
  });
});

describe('a reload of what an agent holds back for its lease', () => {
  it('waits for it, and does not leave it out', async () => {
    const { fleet, runner } = startFleet({ ...GROUP, local: { instancesCount: 2 } });
    fleet.hold(2);
    const reload = new Attempt(runner.reload());
    fleet.exit(1);
    fleet.hold(1);
    expect(fleet.asked).toEqual(['recycle 1']);
    fleet.hold(1, false);
    expect(fleet.asked).toEqual(['recycle 1', 'recycle 2']);
    fleet.ready(2);
    await told();
    expect(reload.result).toEqual({ completed: true, replaced: 2, left: 0 });
  });
});

describe('a reload, start-first', () => {
  it('starts a successor, and retires the old one when it runs; the feeder comes last and is stopped first', async () => {
    const { fleet, runner } = startFleet(QUEUE);
    const reload = new Attempt(runner.reload());
    expect(fleet.shown).toEqual(['1 running 1', '2 running 1', '3 running 1', '4 starting 1']);
    fleet.ready(4);
    expect(fleet.shown).toEqual(['1 running 1', '2 stopping 1', '3 running 1', '4 running 1']);
    fleet.exit(2);
    expect(fleet.shown).toEqual(['1 running 1', '3 running 1', '4 running 1', '5 starting 1']);
    fleet.ready(5);
    fleet.exit(3);
    expect(fleet.shown).toEqual(['1 stopping 1', '4 running 1', '5 running 1']);
    fleet.exit(1);
    fleet.ready(1);
    await told();
    expect(reload.result).toEqual({ completed: true, replaced: 3, left: 0 });
    expect(fleet.logged).toEqual([
      'log [Queue] Reloading consumers of Queue: 1 of 2',
      'log [Queue] Reloading consumers of Queue: 2 of 2',
      'log [Queue] Reloading feeder of Queue: 1 of 1',
      'log Reloaded 3 processes',
    ]);
  });

  it.each(['backoff', 'failed', 'stopped'] as const)(
    'drops a successor that ends before it runs (%s), keeps the old one and stops',
    async (by) => {
      const { fleet, runner } = startFleet(QUEUE);
      const reload = new Attempt(runner.reload());
      fleet.exit(4, by);
      await told();
      const isDone = by === 'stopped';
      expect(reload.isPending).toBe(isDone);
      expect(fleet.asked).toEqual([isDone ? 'retire 2' : 'retire 4']);
    },
  );

  it('leaves all old ones as they are when the first successor fails', async () => {
    const { fleet, runner } = startFleet(QUEUE);
    const reload = new Attempt(runner.reload());
    fleet.exit(4, 'failed');
    await told();
    expect(reload.result).toEqual({
      completed: false,
      replaced: 0,
      left: 3,
      reason: 'queue/4/2 has ended before it was running',
    });
    expect(fleet.shown).toEqual(['1 running 1', '2 running 1', '3 running 1']);
  });

  it('drops a successor that is not ready in time', async () => {
    const { fleet, runner } = startFleet(QUEUE);
    const reload = new Attempt(runner.reload());
    fleet.clock.advance(15_000);
    await told();
    expect(reload.result).toMatchObject({ completed: false, reason: 'queue/4/2 is not running after 15 s' });
    expect(fleet.asked).toEqual(['retire 4']);
  });

  it('stops when an old one does not end in time; it is retired all the same', async () => {
    const { fleet, runner } = startFleet(QUEUE);
    const reload = new Attempt(runner.reload());
    fleet.ready(4);
    fleet.clock.advance(10_000);
    await told();
    expect(reload.result).toMatchObject({ completed: false, replaced: 0, left: 3, reason: 'queue/2/2 has not ended' });
    expect(fleet.retired).toEqual(new Set([2]));
  });

  it('goes on when the old one has ended before', async () => {
    const { fleet, runner } = startFleet(QUEUE);
    void runner.reload();
    fleet.exit(2, 'failed');
    expect(fleet.asked).toEqual([]);
    fleet.ready(4);
    expect(fleet.asked).toEqual(['retire 2']);
    expect(fleet.shown).toEqual(['1 running 1', '3 running 1', '4 running 1', '5 starting 1']);
  });

  it('keeps the successor of one that is gone', () => {
    const { fleet, runner } = startFleet(QUEUE);
    void runner.reload();
    fleet.records.delete(2);
    fleet.ready(4);
    expect(fleet.asked).toEqual([]);
    expect(fleet.shown).toEqual(['1 running 1', '3 running 1', '4 running 1', '5 starting 1']);
  });

  it('drops the successor when the group is suspended meanwhile', async () => {
    const { fleet, runner } = startFleet(QUEUE);
    const reload = new Attempt(runner.reload());
    fleet.suspend('Queue');
    await told();
    expect(reload.result).toMatchObject({ completed: false, reason: 'queue/4/2 was suspended' });
    expect(fleet.asked).toEqual(['retire 4']);
  });

  it('begun within a listener of the launcher has its successors later', () => {
    const { fleet, runner } = startFleet(QUEUE);
    fleet.isBusy = true;
    void runner.reload();
    fleet.settled();
    expect(runner.running).toBe('reload');
    fleet.goOn();
    fleet.ready(4);
    expect(fleet.asked).toEqual(['retire 2']);
  });

  it('waits for the feeder as long as its consumers may need for their items', async () => {
    const { fleet, runner } = startFleet({ ...QUEUE, itemTimeout: 100, consumers: { local: { minInstances: 0 } } });
    fleet.letGo(2);
    fleet.letGo(3);
    const reload = new Attempt(runner.reload());
    expect(fleet.asked).toEqual(['recycle 1']);
    fleet.clock.advance(120_999);
    await told();
    expect(reload.isPending).toBe(true);
    fleet.clock.advance(1);
    await told();
    expect(reload.result).toMatchObject({ completed: false });
  });
});

describe('any reload', () => {
  it('ends at once when the fleet stops', async () => {
    const { fleet, runner } = startFleet(GROUP);
    const reload = new Attempt(runner.reload());
    fleet.exit(1);
    fleet.ready(1);
    runner.stop();
    await told();
    expect(reload.result).toEqual({ completed: false, replaced: 1, left: 2, reason: 'the fleet stops' });
    expect(fleet.clock.waiting).toBe(0);
    fleet.exit(2);
    expect(fleet.asked).toEqual(['recycle 1', 'recycle 2']);
  });

  it('refuses another change, and an unknown group', async () => {
    const { runner } = startFleet(GROUP);
    await expect(runner.reload('Grop')).rejects.toThrow('There is no group "Grop" (did you mean "Group"?)');
    void runner.reload();
    expect(runner.running).toBe('reload');
    await expect(runner.reload()).rejects.toMatchObject({ code: 'CHANGE_RUNNING' });
    await expect(runner.restart('Group')).rejects.toMatchObject({ code: 'CHANGE_RUNNING' });
    await expect(runner.scale('Group', 2)).rejects.toMatchObject({ code: 'CHANGE_RUNNING' });
    await expect(runner.apply([])).rejects.toMatchObject({ code: 'CHANGE_RUNNING' });
  });
});
