import { describe, expect, it } from 'vitest';
import type { QueueGroupOptions } from '@distributed-architecture/core';
import { Fleet, fixture, slave } from '../support/fleet.js';
import { allAre, begun, livesOf, overlaps, shards, statesOf } from '../support/shards.js';

function queueGroup(): QueueGroupOptions {
  const two = { local: { instancesCount: 2 } };
  return {
    name: 'Queue',
    command: 'work',
    console: fixture('queue-member.mjs'),
    consumers: two,
    params: { lingerMs: 200 },
  };
}

describe('a group that is suspended', () => {
  it('stops, and each process goes on as its next incarnation when it is resumed', async () => {
    const fleet = new Fleet([shards(3, { restart: 'always' }), slave('turns.mjs', { name: 'Other' })]);
    await begun(fleet, 3);
    fleet.launcher.suspendGroup('Shards');
    await allAre(fleet, 'suspended');
    expect(fleet.texts.filter((line) => line.includes(' ends in '))).toHaveLength(3);
    const turns = fleet.texts.filter((line) => line === 'turn').length;
    await fleet.says('turn', turns + 3);
    expect(statesOf(fleet)).toEqual(['suspended', 'suspended', 'suspended']);
    fleet.launcher.resumeGroup('Shards');
    await begun(fleet, 6);
    expect([1, 2, 3].map((shard) => livesOf(fleet, shard).at(-1))).toEqual(['1.2', '2.2', '3.2']);
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
    expect(overlaps(fleet)).toEqual([]);
  });

  it('again and again, each time in the middle of it, is never run twice', async () => {
    const fleet = new Fleet([shards(3, { params: { lingerMs: 50 } })]);
    await begun(fleet, 3);
    for (let round = 1; round <= 5; round++) {
      const ends = fleet.events.filter((event) => event.startsWith('process_stopped')).length;
      fleet.launcher.suspendAll({ force: round % 2 === 0 });
      await fleet.until(
        'one has ended',
        () => fleet.events.filter((each) => each.startsWith('process_stopped')).length > ends,
      );
      fleet.launcher.resumeAll();
    }
    await allAre(fleet, 'running');
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
    expect(overlaps(fleet)).toEqual([]);
  });

  it('by force is killed at once', async () => {
    const fleet = new Fleet([shards(2, { params: { deaf: true }, stopTimeout: 300 })]);
    await begun(fleet, 2);
    fleet.launcher.suspendGroup('Shards');
    fleet.launcher.suspendGroup('Shards', { force: true });
    await allAre(fleet, 'suspended');
    expect(fleet.events).toContain('process_stopped 1.1 killed');
    fleet.launcher.resumeGroup('Shards');
    await begun(fleet, 4);
    await fleet.launcher.kill();
    expect(overlaps(fleet)).toEqual([]);
  });

  it('before it has started starts when it is resumed', async () => {
    const other = slave('sleeps.mjs', { name: 'Other' });
    const fleet = new Fleet([other, shards(2, { dependsOn: ['Other'] })]);
    await fleet.tells('process_created 3.0');
    await fleet.until('the launcher runs', () => fleet.texts.some((line) => line.includes('waits until ready')));
    fleet.launcher.suspendGroup('Shards');
    await fleet.tells('master_started');
    expect(statesOf(fleet)).toEqual(['suspended', 'suspended']);
    fleet.launcher.resumeGroup('Shards');
    await begun(fleet, 2);
  });

  it('keeps the launcher running when nothing else does, until it is stopped', async () => {
    const fleet = new Fleet([shards(2)], { timeout: 5 });
    await begun(fleet, 2);
    fleet.launcher.suspendAll();
    await allAre(fleet, 'suspended');
    expect(fleet.launcher.isRunning).toBe(true);
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });
});

describe('a queue group that is suspended', () => {
  it('stops its consumers before its feeder, and goes on with both', async () => {
    const fleet = new Fleet([queueGroup()]);
    await fleet.says('hears {"type":"feeder-ready"', 2);
    fleet.launcher.suspendGroup('Queue');
    await allAre(fleet, 'suspended', 'Queue');
    const ends = fleet.texts.filter((text) => /has stopped|feeder .* stops$/.test(text));
    expect([ends.length, ends.at(-1)]).toEqual([3, 'Queue feeder 1.1 stops']);
    fleet.launcher.resumeGroup('Queue');
    for (const id of [2, 3]) await fleet.says(`Queue consumer ${id}.2 hears {"type":"feeder-ready","incarnation":2`);
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });
});
