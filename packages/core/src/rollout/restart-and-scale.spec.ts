import { describe, expect, it } from 'vitest';
import { Attempt, GROUP, QUEUE, startFleet, told } from './change-runner.spec.helper.js';

describe('a restart', () => {
  it('stops all of a group at once and returns when all were started again, also what had ended', async () => {
    const { fleet, runner } = startFleet(GROUP, { ...GROUP, name: 'Other' });
    fleet.exit(3, 'failed');
    const restart = new Attempt(runner.restart('Group').then(() => 'done'));
    expect(runner.running).toBe('restart');
    expect(fleet.asked).toEqual(['recycle 1,2,3']);
    fleet.exit(1);
    await told();
    expect(restart.isPending).toBe(true);
    fleet.exit(2);
    await told();
    expect(restart.result).toBe('done');
    expect(fleet.shown.slice(0, 3)).toEqual(['1 starting 2', '2 starting 2', '3 starting 2']);
    expect(fleet.logged).toEqual(['log Restart of group Group: done']);
  });

  it('by force kills', () => {
    const { fleet, runner } = startFleet(GROUP);
    void runner.restart('Group', { force: true });
    expect(fleet.asked).toEqual(['recycle 1,2,3 force']);
  });

  it('leaves out consumers on demand that are not used', () => {
    const { fleet, runner } = startFleet({ ...QUEUE, consumers: { local: { minInstances: 1, maxInstances: 2 } } });
    fleet.letGo(3);
    void runner.restart('Queue');
    expect(fleet.asked).toEqual(['recycle 1,2']);
  });

  it('starts consumers again that have ended with their group', () => {
    const { fleet, runner } = startFleet(QUEUE);
    fleet.letGo(3);
    void runner.restart('Queue');
    expect(fleet.asked).toEqual(['recycle 1,2,3']);
  });

  it('waits for what was suspended before, and has yet to stop or to start', async () => {
    const { fleet, runner } = startFleet(GROUP);
    const [record] = fleet.records.values();
    fleet.records.set(1, { ...record!, suspended: true });
    const restart = new Attempt(runner.restart('Group').then(() => 'done'));
    for (const id of [2, 3]) fleet.exit(id);
    await told();
    expect(restart.isPending).toBe(true);
    fleet.exit(1);
    await told();
    expect(restart.result).toBe('done');
  });

  it('does not wait for what is suspended meanwhile', async () => {
    const { fleet, runner } = startFleet(GROUP);
    const restart = new Attempt(runner.restart('Group').then(() => 'done'));
    fleet.suspend('Group');
    for (const id of [1, 2, 3]) fleet.exit(id);
    await told();
    expect(restart.result).toBe('done');
  });

  it('fails when one is not started again in time, and undoes nothing', async () => {
    const remote = { ...GROUP, local: undefined, remote: [{ hosts: ['server-1'], instancesCount: 2 }] };
    const { fleet, runner } = startFleet(remote);
    const restart = new Attempt(runner.restart('Group'));
    fleet.cut(1, 2);
    fleet.clock.advance(24_999);
    await told();
    expect(restart.isPending).toBe(true);
    fleet.clock.advance(1);
    await told();
    expect(restart.error).toMatchObject({
      code: 'CHANGE_FAILED',
      message:
        'Restart of group Group has not come to its end: work/1/1 on server-1, server-1 is unreachable, was not started after 25 s',
    });
    expect(fleet.asked).toEqual(['recycle 1,2']);
    expect(fleet.clock.waiting).toBe(0);
  });

  it('ends when the fleet stops', async () => {
    const { runner } = startFleet(GROUP);
    const restart = new Attempt(runner.restart('Group'));
    runner.stop();
    await told();
    expect(restart.error).toMatchObject({ code: 'CHANGE_FAILED', reason: 'the fleet stops' });
  });

  it('looks at very many processes now and then only, and misses none', async () => {
    const { fleet, runner } = startFleet({ ...GROUP, local: { instancesCount: 2000 } });
    const restart = new Attempt(runner.restart('Group').then(() => 'done'));
    for (let id = 1; id <= 2000; id++) fleet.exit(id);
    await told();
    expect(restart.isPending).toBe(true);
    fleet.clock.advance(100);
    await told();
    expect(restart.result).toBe('done');
  });
});

describe('a scaling', () => {
  it('of a plain group replaces all: the old ones are gone before the new ones start, with new ids', async () => {
    const { fleet, runner } = startFleet(GROUP);
    const scaling = new Attempt(runner.scale('Group', 2).then(() => 'done'));
    expect(fleet.asked).toEqual(['retire 1,2,3']);
    for (const id of [1, 2]) fleet.exit(id);
    await told();
    expect(fleet.asked).toHaveLength(1);
    fleet.exit(3);
    await told();
    expect(fleet.asked).toEqual(['retire 1,2,3', 'add Group']);
    expect(fleet.shown).toEqual(['4 starting 1', '5 starting 1']);
    expect([...fleet.records.values()].map(({ spec }) => `${spec.groupId} of ${spec.groupCount}`)).toEqual([
      '1 of 2',
      '2 of 2',
    ]);
    expect(scaling.result).toBe('done');
    expect(fleet.groups).toMatchObject([{ name: 'Group', local: { instancesCount: 2 } }]);
  });

  it('of a queue group starts consumers, or retires them, and leaves the others alone', async () => {
    const { fleet, runner } = startFleet(QUEUE);
    await runner.scale('Queue', 4);
    expect(fleet.shown).toEqual(['1 running 1', '2 running 1', '3 running 1', '4 starting 1', '5 starting 1']);
    await runner.scale('Queue', 1);
    expect(fleet.asked).toEqual(['resize Queue', 'retire ', 'resize Queue', 'retire 3,4,5']);
    expect(fleet.groups).toMatchObject([{ consumers: { local: { instancesCount: 1 } } }]);
  });

  it('keeps the proportions of the configuration, however often it is scaled', async () => {
    const remote = [{ hosts: ['a', 'b'], instancesCount: 2 }];
    const { fleet, runner } = startFleet({ ...QUEUE, consumers: { remote } } as typeof QUEUE);
    await runner.scale('Queue', 1);
    await runner.scale('Queue', 6);
    expect(fleet.groups).toMatchObject([{ consumers: { remote: [{ hosts: ['a', 'b'], instancesCount: 3 }] } }]);
  });

  it('takes back what was retired when what is new is refused', async () => {
    const { fleet, runner } = startFleet(GROUP);
    const scaling = new Attempt(runner.scale('Group', 2));
    fleet.refusal = 'no such host';
    for (const id of [1, 2, 3]) fleet.exit(id);
    await told();
    await told();
    expect(fleet.asked).toEqual(['retire 1,2,3', 'add Group', 'add Group']);
    fleet.refusal = undefined;
    await told();
    expect(scaling.error).toMatchObject({ code: 'CHANGE_FAILED' });
  });

  it('puts the group back as it was when its old processes do not end in time, as soon as they have', async () => {
    const { fleet, runner } = startFleet(GROUP);
    const scaling = new Attempt(runner.scale('Group', 2));
    for (const id of [1, 2]) fleet.exit(id);
    fleet.clock.advance(310_000);
    await told();
    expect(scaling.error).toMatchObject({
      code: 'CHANGE_FAILED',
      reason: 'work/3/3 has not ended after 310 s; group Group starts again when all of its processes have ended',
    });
    expect(fleet.asked).toEqual(['retire 1,2,3', 'put back Group']);
    fleet.exit(3);
    expect([fleet.shown, fleet.groups]).toEqual([['4 starting 1', '5 starting 1', '6 starting 1'], [GROUP]]);
  });

  it('waits for all that is left of the group, also what was retired before, and has the last word', async () => {
    const { fleet, runner } = startFleet(GROUP);
    const first = new Attempt(runner.scale('Group', 2));
    for (const id of [1, 2]) fleet.exit(id);
    fleet.clock.advance(310_000);
    await told();
    expect(first.isPending).toBe(false);
    const second = new Attempt(runner.scale('Group', 1).then(() => 'done'));
    await told();
    expect(fleet.asked.slice(2)).toEqual(['retire 3']);
    fleet.exit(3);
    await told();
    expect([second.result, fleet.shown]).toEqual(['done', ['4 starting 1']]);
  });

  it('refuses numbers that cannot be, before anything is done', async () => {
    const { fleet, runner } = startFleet(GROUP);
    await expect(runner.scale('Group', 0)).rejects.toMatchObject({ code: 'PROCESS_COUNT' });
    await expect(runner.scale('Nobody', 1)).rejects.toMatchObject({ code: 'GROUP_UNKNOWN' });
    expect(fleet.asked).toEqual([]);
    expect(runner.running).toBeUndefined();
  });
});
