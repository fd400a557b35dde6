import { describe, expect, it } from 'vitest';
import { shapeOf, type AnyGroupOptions } from '../plan/group-shape.js';
import { Attempt, GROUP, QUEUE, startFleet, told } from './change-runner.spec.helper.js';
import type { FakeFleet } from './fake-fleet.spec.helper.js';

const one = (name: string, dependsOn: string[] = [], timeout = 30): AnyGroupOptions => ({
  name,
  command: name.toLowerCase(),
  dependsOn,
  timeout,
  startTimeout: 10,
  stopTimeout: 5,
});

/** Ends all that is stopping, and lets come up all that starts, until nothing moves any more. */
async function play(fleet: FakeFleet, { crash = '' } = {}): Promise<void> {
  for (let before = ''; before !== fleet.shown.join();) {
    before = fleet.shown.join();
    for (const { spec, state } of [...fleet.records.values()]) {
      if (state === 'stopping') fleet.exit(spec.id);
      else if (state === 'starting' && spec.config.name === crash) fleet.exit(spec.id, 'failed');
      else fleet.ready(spec.id);
    }
    await told();
  }
}

describe('a changed configuration', () => {
  it('starts, stops and restarts what differs, and nothing else', async () => {
    const { fleet, runner } = startFleet(one('Same'), one('Gone'), one('Changed'));
    const change = new Attempt(runner.apply([one('Same'), one('New'), one('Changed', [], 60)]));
    expect(runner.running).toBe('configuration');
    await play(fleet);
    expect(change.result).toMatchObject({ completed: true, rolledBack: false });
    expect(change.result!.plan.steps.map(({ action, group }) => `${action} ${group}`)).toEqual([
      'stop Gone',
      'start New',
      'restart Changed',
    ]);
    expect(fleet.asked).toEqual(['retire 2,3', 'add New,Changed']);
    expect(fleet.shown).toEqual(['1 running 1', '4 running 1', '5 running 1']);
  });

  it('stops dependents before what they depend on, and starts them after it', async () => {
    const { fleet, runner } = startFleet(one('A'), one('B', ['A']));
    const change = new Attempt(runner.apply([one('A', [], 60), one('B', ['A'], 60)]));
    await play(fleet);
    expect(change.result).toMatchObject({ completed: true });
    expect(fleet.asked).toEqual(['retire 2', 'retire 1', 'add A', 'add B']);
  });

  it('scales queue groups, and updates what a reload needs', async () => {
    const { fleet, runner } = startFleet(QUEUE, GROUP);
    const after = [
      { ...QUEUE, reload: { batch: 2 }, consumers: { local: { instancesCount: 3 } } } as AnyGroupOptions,
      { ...GROUP, reload: { pause: 1 } },
    ];
    const change = new Attempt(runner.apply(after));
    await play(fleet);
    expect(change.result).toMatchObject({ completed: true });
    expect(fleet.asked).toEqual(['resize Queue', 'retire ']);
    expect(fleet.groups).toEqual(after);
  });

  it('that is what runs changes nothing', async () => {
    const { fleet, runner } = startFleet(GROUP, QUEUE);
    expect(await runner.apply([GROUP, QUEUE])).toMatchObject({ completed: true, plan: { steps: [] } });
    expect(fleet.asked).toEqual([]);
  });

  it('undoes a scaling', async () => {
    const { fleet, runner } = startFleet(QUEUE);
    await runner.scale('Queue', 5);
    const change = new Attempt(runner.apply([QUEUE]));
    await play(fleet);
    expect(change.result).toMatchObject({ completed: true, plan: { steps: [{ action: 'scale' }] } });
    expect(fleet.idsOf('Queue')).toEqual([1, 2, 3]);
  });

  it('is what later scalings keep the proportions of', async () => {
    const on = (a: number, b: number): AnyGroupOptions => ({
      ...QUEUE,
      consumers: { remote: [a, b].map((instancesCount, index) => ({ instancesCount, hosts: [`host-${index}`] })) },
    });
    const { fleet, runner } = startFleet(on(1, 1));
    const scale = async (count: number): Promise<unknown> => {
      const scaling = new Attempt(runner.scale('Queue', count).then(() => 'done'));
      await play(fleet);
      expect(scaling.result).toBe('done');
      return shapeOf(fleet.groups[0]!).sites.map((site) => site.count);
    };
    expect(await scale(4)).toEqual([2, 2]);
    const change = new Attempt(runner.apply([on(1, 3)]));
    await play(fleet);
    expect(change.result).toMatchObject({ completed: true });
    expect(await scale(8)).toEqual([2, 6]);
  });

  it('is refused before anything is changed when it cannot be', async () => {
    const { fleet, runner } = startFleet(GROUP);
    await expect(runner.apply([one('A', ['B'])])).rejects.toMatchObject({ code: 'DEPENDENCY_INVALID' });
    await expect(runner.apply([one('A'), one('A')])).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    const nowhere = { ...one('A'), remote: [{ hosts: ['not a host'] }] };
    await expect(runner.apply([nowhere])).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect(fleet.asked).toEqual([]);
    expect(runner.running).toBeUndefined();
  });
});

describe('a configuration that fails', () => {
  it('is undone in reverse order when a new process fails for good', async () => {
    const { fleet, runner } = startFleet(one('Gone'), one('Changed'), QUEUE);
    const before = fleet.groups.map(({ name }) => name).toSorted();
    const after = [one('Changed', [], 60), one('New', ['Changed']), QUEUE];
    const change = new Attempt(runner.apply(after));
    await play(fleet, { crash: 'New' });
    expect(change.result).toMatchObject({ completed: false, rolledBack: true, reason: 'new/7/1 has failed' });
    expect(fleet.asked).toEqual(['retire 1,2', 'add Changed', 'add New', 'retire 7', 'retire 6', 'add Gone,Changed']);
    expect(fleet.groups.map(({ name }) => name).toSorted()).toEqual(before);
    expect(fleet.groups.find(({ name }) => name === 'Changed')).toMatchObject({ timeout: 30 });
    expect(fleet.logged).toEqual([
      'warn Change of the configuration: new/7/1 has failed',
      'warn Change of the configuration: undoing what was done',
      'log Change of the configuration: all is as it was',
    ]);
    expect(fleet.clock.waiting).toBe(0);
  });

  it('is undone when a new process is not ready in time; each that gets further gives the others time', async () => {
    const { fleet, runner } = startFleet(one('Same'));
    const change = new Attempt(runner.apply([one('Same'), { ...GROUP, local: { instancesCount: 2 } }]));
    await told();
    fleet.clock.advance(14_999);
    fleet.ready(2);
    fleet.clock.advance(14_999);
    await told();
    expect(change.isPending).toBe(true);
    fleet.clock.advance(1);
    fleet.exit(2);
    fleet.exit(3);
    await told();
    expect(change.result).toMatchObject({
      completed: false,
      rolledBack: true,
      reason: 'work/3/2 is not running after 15 s',
    });
    expect(fleet.shown).toEqual(['1 running 1']);
  });

  it('says what could not be undone yet, and starts nothing again of which something is left', async () => {
    const before = { ...GROUP, local: { instancesCount: 2 } };
    const { fleet, runner } = startFleet(before);
    const change = new Attempt(runner.apply([]));
    fleet.exit(1);
    fleet.clock.advance(310_000);
    await told();
    expect(change.result).toMatchObject({
      completed: false,
      rolledBack: false,
      reason: 'work/2/2 has not ended after 310 s; group Group starts again when all of its processes have ended',
    });
    expect(fleet.asked).toEqual(['retire 1,2', 'put back Group']);
    expect(fleet.logged.at(-1)).toMatch(/^error Change of the configuration: not all is as it was: group Group/);
    fleet.exit(2);
    expect([fleet.shown, fleet.groups]).toEqual([['3 starting 1', '4 starting 1'], [before]]);
  });

  it('puts back at once what it can, and the rest when that can be', async () => {
    const { fleet, runner } = startFleet(one('A'), one('B'), one('C', ['B']));
    const change = new Attempt(runner.apply([]));
    fleet.exit(3);
    fleet.exit(1);
    fleet.clock.advance(310_000);
    await told();
    expect(fleet.asked).toEqual(['retire 3', 'retire 1,2', 'put back B', 'add A']);
    fleet.ready(4);
    await told();
    expect(fleet.asked.at(-1)).toBe('add C');
    fleet.ready(5);
    expect(change.isPending).toBe(true);
    await told();
    expect(change.result).toMatchObject({ completed: false, rolledBack: false });
  });

  it('puts back what it has replaced also when that does not end in time', async () => {
    const { fleet, runner } = startFleet(one('A'));
    const change = new Attempt(runner.apply([one('A', [], 60)]));
    fleet.exit(1);
    await told();
    fleet.clock.advance(15_000);
    expect(fleet.asked).toEqual(['retire 1', 'add A', 'retire 2']);
    fleet.clock.advance(310_000);
    await told();
    expect(change.result).toMatchObject({
      reason: expect.stringMatching(/a\/2\/1 has not ended after 310 s; group A starts again/) as string,
    });
    fleet.exit(2);
    expect(fleet.groups).toEqual([one('A')]);
  });

  it('ends when the fleet stops, and undoes nothing', async () => {
    const { fleet, runner } = startFleet(one('A'));
    const change = new Attempt(runner.apply([]));
    runner.stop();
    await told();
    expect(change.result).toMatchObject({ completed: false, rolledBack: false, reason: 'the fleet stops' });
    expect(fleet.asked).toEqual(['retire 1']);
  });

  it('counts work that was done, and what was suspended meanwhile, as good', async () => {
    const { fleet, runner } = startFleet(one('Same'));
    const change = new Attempt(runner.apply([one('Same'), one('Quick'), one('Held')]));
    await told();
    fleet.exit(2, 'stopped');
    fleet.suspend('Held');
    fleet.exit(3);
    await told();
    expect(change.result).toMatchObject({ completed: true });
  });
});
