import { describe, expect, it } from 'vitest';
import type { QueueGroupOptions } from '@distributed-architecture/core';
import { Fleet, fixture, program, slave } from '../support/fleet.js';
import { allAre, begun, livesOf, overlaps, shards, statesOf } from '../support/shards.js';

function queueGroup(instancesCount = 2): QueueGroupOptions {
  const consumers = { local: { instancesCount } };
  return { name: 'Queue', command: 'work', console: fixture('queue-member.mjs'), consumers };
}

function idsOf(fleet: Fleet, name: string): number[] {
  return fleet.launcher.processes.filter(({ group }) => group === name).map(({ id }) => id);
}

async function endsWell(fleet: Fleet): Promise<void> {
  await fleet.launcher.stop();
  expect(await fleet.end).toEqual({ exitCode: 0 });
  expect(overlaps(fleet)).toEqual([]);
}

describe('a restart', () => {
  it('of a group stops each process and starts it again, as its next incarnation', async () => {
    const fleet = new Fleet([shards(3, { params: { lingerMs: 100 } }), program('sleep 1000', { name: 'Other' })]);
    await begun(fleet, 3);
    await fleet.launcher.restartGroup('Shards');
    await begun(fleet, 6);
    expect([1, 2, 3].map((shard) => livesOf(fleet, shard))).toEqual([
      ['1.1', '1.2'],
      ['2.1', '2.2'],
      ['3.1', '3.2'],
    ]);
    expect(fleet.events).not.toContain('process_stopped 4.1 stopped');
    await endsWell(fleet);
  });

  it('starts also what has ended, and what has failed', async () => {
    const other = slave('sleeps.mjs', { name: 'Other' });
    const fleet = new Fleet([
      shards(1, { name: 'A', params: { endsAt: 1 } }),
      shards(1, { name: 'B', params: { failsAt: 1 } }),
      other,
    ]);
    await fleet.tells('process_stopped 1.1 ended');
    await fleet.tells('process_stopped 2.1 ended');
    expect([statesOf(fleet, 'A'), statesOf(fleet, 'B')]).toEqual([['stopped'], ['failed']]);
    for (const name of ['A', 'B']) await fleet.launcher.restartGroup(name);
    await begun(fleet, 4);
    await endsWell(fleet);
  });

  it('by force kills what would not stop', async () => {
    const fleet = new Fleet([shards(2, { params: { deaf: true }, stopTimeout: 300 })]);
    await begun(fleet, 2);
    await fleet.launcher.restartGroup('Shards', { force: true });
    await begun(fleet, 4);
    expect(fleet.events).toContain('process_stopped 1.1 killed');
    await fleet.launcher.kill();
    expect(overlaps(fleet)).toEqual([]);
  });

  it('of a group that is suspended lets it go on', async () => {
    const fleet = new Fleet([shards(2)]);
    await begun(fleet, 2);
    fleet.launcher.suspendGroup('Shards');
    await allAre(fleet, 'suspended');
    await fleet.launcher.restartGroup('Shards');
    await begun(fleet, 4);
    expect(overlaps(fleet)).toEqual([]);
    await endsWell(fleet);
  });

  it('of a queue group stops the consumers, then the feeder, and starts all', async () => {
    const fleet = new Fleet([queueGroup()]);
    await fleet.says('hears {"type":"feeder-ready"', 2);
    await fleet.launcher.restartGroup('Queue');
    for (const id of [2, 3]) await fleet.says(`Queue consumer ${id}.2 hears {"type":"feeder-ready","incarnation":2`);
    const ends = fleet.texts.filter((text) => /1 has stopped|feeder 1.1 stops$/.test(text));
    expect([ends.length, ends.at(-1)]).toEqual([3, 'Queue feeder 1.1 stops']);
    const [start] = fleet.events.flatMap((event, index) => (/process_started \d\.2/.test(event) ? [index] : []));
    expect(start).toBeGreaterThan(fleet.events.indexOf('process_stopped 1.1 stopped'));
    await endsWell(fleet);
  });

  it('in which all are asked to stop ends there', async () => {
    const fleet = new Fleet([shards(2, { params: { lingerMs: 500 } })]);
    await begun(fleet, 2);
    const restart = fleet.launcher.restartGroup('Shards');
    const stop = fleet.launcher.stop();
    await expect(restart).rejects.toThrow('the fleet stops');
    await stop;
    expect(await fleet.end).toEqual({ exitCode: 0 });
    expect(fleet.events.filter((event) => event.startsWith('process_started'))).toHaveLength(2);
  });
});

describe('scaling', () => {
  it('of the only group replaces all its processes: first the old ones end, and no id is used twice', async () => {
    const fleet = new Fleet([shards(2, { params: { lingerMs: 100 } })]);
    await begun(fleet, 2);
    await fleet.launcher.scaleGroup('Shards', 3);
    await begun(fleet, 5);
    expect([idsOf(fleet, 'Shards'), livesOf(fleet, 3)]).toEqual([[3, 4, 5], ['5.1']]);
    expect(fleet.texts).toContain('Shards shard 1 of 3 begins in 3.1');
    await fleet.launcher.scaleGroup('Shards', 1);
    await begun(fleet, 6);
    expect(livesOf(fleet, 1)).toEqual(['1.1', '3.1', '6.1']);
    await endsWell(fleet);
  });

  it('of a queue group starts consumers or stops the last ones, and leaves the others alone', async () => {
    const fleet = new Fleet([queueGroup(2)]);
    await fleet.says('hears {"type":"feeder-ready"', 2);
    await fleet.launcher.scaleGroup('Queue', 4);
    for (const id of [4, 5]) await fleet.says(`Queue consumer ${id}.1 hears {"type":"feeder-ready"`);
    await fleet.launcher.scaleGroup('Queue', 1);
    for (const id of [3, 4, 5])
      await fleet.says(`Queue feeder 1.1 hears {"type":"consumer-gone","id":${id},"incarnation":1}`);
    await fleet.until('they are forgotten', () => idsOf(fleet, 'Queue').join() === '1,2');
    expect(fleet.events).not.toContain('process_stopped 2.1 stopped');
    await endsWell(fleet);
  });
});

describe('a reload', () => {
  it('replaces one process after the other', async () => {
    const fleet = new Fleet([shards(3)]);
    await begun(fleet, 3);
    expect(await fleet.launcher.reload()).toMatchObject({ completed: true, replaced: 3, left: 0 });
    const turns = fleet.events.filter((event) => /process_(started|stopped) \d\.[12]/.test(event)).slice(3);
    expect(turns).toEqual([1, 2, 3].flatMap((id) => [`process_stopped ${id}.1 stopped`, `process_started ${id}.2`]));
    await endsWell(fleet);
  });
});

describe('another configuration', () => {
  it('starts what is new, stops what is gone, and leaves the rest alone', async () => {
    const stays = shards(2);
    const fleet = new Fleet([stays, slave('sleeps.mjs', { name: 'Old' })]);
    await begun(fleet, 2);
    await fleet.says('sleeping');
    const result = await fleet.apply([stays, program('sleep 1000', { name: 'New' })]);
    expect(result).toMatchObject({ completed: true, rolledBack: false });
    expect(fleet.launcher.groups).toEqual(['Shards', 'New']);
    expect(fleet.events).toContain('process_stopped 3.1 stopped');
    await fleet.tells('process_started 4.1');
    expect(livesOf(fleet, 1)).toEqual(['1.1']);
    await endsWell(fleet);
  });
});

describe('a service', () => {
  it('does not end when all its processes have', async () => {
    const fleet = new Fleet([shards(2, { params: { endsAt: 1 } })], { service: true });
    await fleet.tells('process_stopped 1.1 ended');
    await fleet.tells('process_stopped 2.1 ended');
    expect(fleet.launcher.isRunning).toBe(true);
    await fleet.launcher.restartGroup('Shards');
    await begun(fleet, 4);
    await endsWell(fleet);
  });

  it('stops all after its running time, and starts all again', async () => {
    const last = shards(1, { name: 'Last', dependsOn: ['Shards'] });
    const fleet = new Fleet([shards(2), last], { service: true, maxRunningTime: 4 });
    await fleet.tells('process_started 3.2');
    await begun(fleet, 6);
    const stops = fleet.events.filter((event) => event.startsWith('process_stopped'));
    expect(stops[0]).toBe('process_stopped 3.1 stopped');
    expect(fleet.texts).toContain('The running time is over: all is stopped and started again');
    await endsWell(fleet);
  });
});
