import { randomUUID } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  ControlClient,
  controlSocket,
  readEvents,
  type GroupOptions,
  type LauncherOptions,
  type LogLine,
  type QueueGroupOptions,
} from '@distributed-architecture/core';
import { expect, it } from 'vitest';
import { Fleet, program, slave } from '../support/fleet.js';

/** A launcher with a control socket, when all that is due was started. */
async function open(groups: readonly (GroupOptions | QueueGroupOptions)[], options: LauncherOptions = {}) {
  const fleet = new Fleet(groups, { name: `control-${randomUUID()}`, ...options });
  await fleet.tells('master_started');
  const { folder } = fleet.launcher;
  return { fleet, folder: folder!, client: new ControlClient(controlSocket(folder!)) };
}

it('shows what runs: groups, processes, who has ended how', async () => {
  const sleeping = slave('sleeps.mjs', { name: 'Sleeping', local: { instancesCount: 2 } });
  const crashing = program(`sh -c 'echo last words; exit 3'`, { name: 'Crashing' });
  const { fleet, client } = await open([sleeping, crashing]);
  await fleet.tells('process_stopped 3.1 ended');
  await fleet.says('sleeping', 2);
  const status = await client.status();
  expect(status).toMatchObject({ pid: process.pid, phase: 'running', service: false });
  expect(status.groups).toMatchObject([
    { name: 'Sleeping', states: { running: 2 }, restarts: 0 },
    { name: 'Crashing', states: { failed: 1 } },
  ]);
  const [first, , third] = await client.processes();
  expect(first).toMatchObject({ id: 1, group: 'Sleeping', state: 'running', restarts: 0, exits: [] });
  expect(first!.pid).toBeGreaterThan(1);
  expect(first!.uptime).toBeGreaterThan(0);
  expect(third!.exits).toMatchObject([{ code: 3, reason: 'ended', lastLines: ['last words'], incarnation: 1 }]);
  expect(await client.isReady()).toEqual({
    status: 'unavailable',
    reasons: [expect.stringContaining('has failed for good')],
  });
  expect((await client.logs({ group: 'Crashing' })).map(({ line }) => line)).toContain('last words');
  expect(await client.metrics()).toContain('distributed_architecture_');
  await client.stop();
  await fleet.end;
});

it('changes what runs: suspend, resume, restart, scale, reload; the journal tells of each', async () => {
  const { fleet, client, folder } = await open([slave('sleeps.mjs', { name: 'Ä "b"/c' })]);
  const name = 'Ä "b"/c';
  await fleet.says('sleeping');
  await client.suspend(name);
  await fleet.tells('process_stopped 1.1 stopped');
  expect(await client.groups()).toMatchObject([{ suspended: true, states: { suspended: 1 } }]);
  await client.resume(name);
  await fleet.tells('process_started 1.2');
  await client.restart(name, { force: true });
  await fleet.tells('process_started 1.3');
  await client.scale(name, 2);
  await fleet.tells('process_started 3.1');
  expect(await client.reload()).toMatchObject({ completed: true, replaced: 2 });
  await client.stop();
  expect(await fleet.end).toEqual({ exitCode: 0 });
  const after = await readEvents(dirname(folder));
  const commands = after.filter(({ type }) => type === 'command' || type === 'change_ended');
  expect(
    commands.map((each) => `${each.type} ${'command' in each ? each.command : 'change' in each && each.change}`),
  ).toEqual([
    'command suspend',
    'command resume',
    'change_ended restart',
    'command restart',
    'change_ended scale',
    'command scale',
    'change_ended reload',
    'command reload',
    'command stop',
  ]);
});

it('those who follow hear all until the end, and the socket is gone then', async () => {
  const { fleet, client, folder } = await open([slave('sleeps.mjs')]);
  expect(statSync(controlSocket(folder)).mode & 0o777).toBe(0o600);
  const events = collect(client.events(), ({ type }) => type);
  const lines = collect(client.followLogs({ group: 'Group' }), (line) => (line as LogLine).line);
  await fleet.says('sleeping');
  await client.status();
  await fleet.launcher.stop();
  expect((await events).slice(-2)).toEqual(['process_stopped', 'master_stopped']);
  expect((await lines).at(-1)).toBe('Ended');
  expect(existsSync(controlSocket(folder))).toBe(false);
  await expect(client.status()).rejects.toMatchObject({ code: 'MASTER_NOT_RUNNING', exitCode: 1 });
});

it('an event reaches each of 100 followers', async () => {
  const { fleet, client } = await open([slave('sleeps.mjs')]);
  await fleet.says('sleeping');
  const arrived: string[] = [];
  const followers = Array.from({ length: 100 }, () =>
    collect(client.events({ types: ['process_stopped', 'master_started'], since: new Date(0) }), ({ type }) => {
      arrived.push(type);
    }),
  );
  while (arrived.length < 100) await new Promise((resolve) => setImmediate(resolve));
  await fleet.launcher.stop();
  await Promise.all(followers);
  expect(arrived.slice(100)).toEqual(Array.from({ length: 100 }, () => 'process_stopped'));
});

it('is not there where it is not wanted', async () => {
  const { fleet, folder } = await open([slave('sleeps.mjs')], { control: false });
  expect(existsSync(controlSocket(folder))).toBe(false);
  await fleet.launcher.stop();
});

it('is there for a launcher without a name that wants it', async () => {
  const { fleet, folder, client } = await open([slave('sleeps.mjs')], { name: undefined, control: true });
  expect(await client.status()).not.toHaveProperty('name');
  await fleet.launcher.stop();
  expect(existsSync(folder)).toBe(false);
});

async function collect<T, R>(source: AsyncIterable<T>, of: (value: T) => R): Promise<R[]> {
  const found: R[] = [];
  for await (const value of source) found.push(of(value));
  return found;
}
