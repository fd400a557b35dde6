import { rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../config/config-error.js';
import { LauncherStateError } from '../errors/launcher-state-error.js';
import { readEvents } from '../event-journal/read-events.js';
import { ControlClient, type FollowedEvent } from './control-client.js';
import {
  ChangeRunningError,
  ControlConnectionError,
  ControlFailedError,
  ControlRequestError,
  ControlUnsupportedError,
  GroupUnknownError,
  MasterNotRunningError,
} from './control-errors.js';
import { ControlWorld, testFolder } from './control-world.spec.helper.js';
import type { LogLine } from './saying.js';
import { controlSocket } from './socket-address.js';

async function open(options: Parameters<ControlWorld['open']>[0] = {}) {
  const world = new ControlWorld();
  const control = await world.open(options);
  return { world, control, client: world.client };
}

describe('what a fleet shows', () => {
  it('status: itself and its groups', async () => {
    const { world, client } = await open();
    world.start(1);
    world.clock.advance(2500);
    const status = await client.status();
    expect(status).toMatchObject({ name: 'fleet', epoch: 7, phase: 'starting', service: false, uptime: 2.5 });
    expect(status.groups).toEqual([
      {
        name: 'Group',
        kind: 'group',
        command: 'work',
        suspended: false,
        states: { running: 1 },
        restarts: 0,
        timeouts: 0,
      },
    ]);
    world.started();
    expect((await client.status()).phase).toBe('running');
    world.source.isStopping = true;
    world.source.change = 'reload';
    expect(await client.status()).toMatchObject({ phase: 'stopping', change: 'reload' });
  });

  it('processes: what has happened to each in this run, and how it does', async () => {
    const { world, client } = await open();
    const process = world.start(1);
    const exit = { code: 1, signal: null, reason: 'ended', forced: false, lastLines: ['bye'] } as const;
    for (let round = 1; round <= 6; round++) {
      world.clock.advance(1000);
      world.recorder.measured(1, { rss: 10 });
      world.stop(process, { ...exit, code: round });
      world.startAgain(process);
    }
    world.timeOut(process);
    world.recorder.measured(1, { rss: 50.5, lag: 250, cpu: 0.5 });
    world.recorder.measured(1, { items: { busy: 1, done: 2, failed: 3, released: 0 } });
    world.clock.advance(500);
    const [found] = await client.processes('Group');
    expect(found).toMatchObject({
      ...{ id: 1, group: 'Group', state: 'running', incarnation: 7, restarts: 6, timeouts: 1, uptime: 0.5 },
      ...{ rss: 50.5, cpu: 0.5, loopLag: 0.25, items: { busy: 1, done: 2, failed: 3, released: 0 } },
    });
    expect(found!.exits.map(({ code }) => code)).toEqual([6, 5, 4, 3, 2]);
    expect(found!.exits[0]).toEqual({ ...exit, code: 6, at: '2026-01-01T00:00:06.000Z', incarnation: 6 });
    expect((await client.groups())[0]).toMatchObject({ restarts: 6, timeouts: 1 });
  });

  it('readiness: all were started, none has failed for good, none stops', async () => {
    const { world, client } = await open();
    const process = world.start(1);
    expect(await client.isReady()).toEqual({ status: 'unavailable', reasons: ['The master is starting'] });
    world.started();
    expect(await client.isReady()).toEqual({ status: 'ok', reasons: [] });
    process.state = 'failed';
    const reasons = ['[Group] [localhost] [work/1/1] has failed for good'];
    expect(await client.isReady()).toEqual({ status: 'unavailable', reasons });
  });

  it('metrics, where there are any', async () => {
    const { client } = await open({ metrics: async () => ({ contentType: 'text/plain', text: 'up 1\n' }) });
    expect(await client.metrics()).toBe('up 1\n');
    const without = await open();
    await expect(without.client.metrics()).rejects.toThrow(ControlUnsupportedError);
  });

  it('the last lines, of all, of a group or of a process', async () => {
    const { world, client } = await open();
    const { display } = world.start(1);
    world.recorder.lines.writeLines({ group: 'Group', host: 'localhost', display }, 'warn', 'one\ntwo\n');
    world.recorder.lines.write({ display: 'master' }, 'log', 'Stopping...');
    const line = {
      at: '2026-01-01T00:00:00.000Z',
      level: 'warn',
      group: 'Group',
      host: 'localhost',
      process: 1,
      display,
    };
    expect(await client.logs({ process: 1, lines: 1 })).toEqual([{ ...line, line: 'two' }]);
    expect((await client.logs({ group: 'Group' })).map(({ line: text }) => text)).toEqual(['one', 'two']);
    expect(await client.logs({ lines: 1 })).toEqual([
      { at: line.at, level: 'log', display: 'master', line: 'Stopping...' },
    ]);
    await expect(client.logs({ process: 2 })).rejects.toThrow('There is no process 2');
  });
});

describe('what a fleet is asked for', () => {
  it('reaches it, and stands in the journal with who asked for it', async () => {
    const { world, client } = await open();
    world.groups.push({ ...world.groups[0]!, name: 'Ä/"b" %41?#' });
    await client.suspend('Group', { force: true });
    await client.resume('Ä/"b" %41?#');
    await client.scale('Group', 3);
    await client.restart('Group');
    await client.suspend();
    await client.resume();
    expect(await client.reload({ group: 'Group' })).toEqual({ completed: true, replaced: 2, left: 0 });
    await client.reload();
    await client.stop();
    expect(world.told).toEqual([
      'suspend Group {"force":true}',
      'resume Ä/"b" %41?#',
      'scale Group 3',
      'restart Group {"force":false}',
      'suspend all {"force":false}',
      'resume all',
      'reload Group',
      'reload all',
      'stop',
    ]);
    await world.journal.flush();
    const commands = await readEvents(world.folder, { types: ['command'] });
    expect(commands).toHaveLength(9);
    const options = { force: true };
    expect(commands[0]).toMatchObject({
      command: 'suspend',
      group: 'Group',
      options,
      operator: 'tester',
      outcome: 'ok',
    });
    expect(world.sink.records).toContain('log Asked to suspend "Group" by tester');
  });

  it('answers how the group does then', async () => {
    const { client } = await open();
    expect(await client.suspend('Group')).toHaveLength(1);
  });

  it.each([
    new ChangeRunningError('reload'),
    new LauncherStateError('Nothing runs'),
    new ConfigError([{ path: 'groups', message: 'there are none', line: 3 }]),
    new GroupUnknownError('Grup', ['Group']),
  ])('throws what the fleet throws: $name', async (error) => {
    const { world, client } = await open();
    world.failure = error;
    const thrown: unknown = await client.reload().catch((reason: unknown) => reason);
    expect(thrown).toBeInstanceOf(error.constructor);
    expect(thrown).toEqual(error);
    await world.journal.flush();
    expect((await readEvents(world.folder)).at(-1)).toMatchObject({ outcome: error.code, message: error.message });
  });

  it('throws what is no error of ours as it says it', async () => {
    const { world, client } = await open();
    world.failure = new RangeError('too much');
    const thrown = await client.reload().catch((reason: unknown) => reason);
    expect(thrown).toBeInstanceOf(ControlFailedError);
    expect(thrown).toMatchObject({ reason: 'INTERNAL', message: 'too much' });
  });

  it.each([0, 1.5, -1, 1e9])('refuses to scale to %d', async (count) => {
    const { world, client } = await open();
    await expect(client.scale('Group', count)).rejects.toThrow(ControlRequestError);
    expect(world.told).toEqual([]);
  });

  it('an unknown group is told with the nearest one', async () => {
    const { client } = await open();
    await expect(client.suspend('Groups')).rejects.toThrow('There is no group "Groups" (did you mean "Group"?)');
    await expect(client.processes('Groups')).rejects.toThrow(GroupUnknownError);
  });

  it('reads the configuration again, where it knows how', async () => {
    const { client } = await open();
    await expect(client.reload({ configOnly: true })).rejects.toThrow('no configuration to read');
    await expect(client.restart()).rejects.toThrow(ControlUnsupportedError);
    let restarted = 0;
    const readConfiguration = async () => ({ groups: [{ name: 'A', command: 'a' }], metrics: { port: 2 } });
    const settings = { metrics: { port: 1 } };
    const service = await open({ operator: { settings, readConfiguration, restart: () => void restarted++ } });
    const applied = await service.client.reload({ configOnly: true });
    expect(applied).toMatchObject({ completed: true, plan: { atRestart: ['metrics.port'] } });
    expect(service.world.told).toEqual(['apply 1']);
    await service.client.restart();
    expect(restarted).toBe(1);
  });
});

it('a master that is not meant does nothing', async () => {
  const { world, client } = await open();
  const stopped = new ControlClient(client.socketPath, { pid: process.pid + 1 }).stop();
  await expect(stopped).rejects.toThrow(ControlConnectionError);
  await expect(stopped).rejects.toThrow(`Another master is meant: this one has the pid ${process.pid}`);
  expect(world.told).toEqual([]);
  await new ControlClient(client.socketPath, { pid: process.pid }).stop();
  expect(world.told).toEqual(['stop']);
});

describe('who follows', () => {
  it('is told of what happens, with a past when he wants it, until the fleet ends', async () => {
    const { world, control, client } = await open();
    const process = world.start(1);
    const seen: FollowedEvent[] = [];
    const following = (async () => {
      for await (const event of client.events({ since: new Date(0), types: ['process_started', 'process_running'] })) {
        seen.push(event);
        if (seen.length === 1) world.say(process, 'hello');
        if (seen.length === 2) world.startAgain(process);
        if (seen.length === 3) await control.close();
      }
    })();
    await following;
    expect(seen).toMatchObject([
      { type: 'process_started', id: 1, incarnation: 1, seq: 1 },
      { type: 'process_running', id: 1, line: 'hello' },
      { type: 'process_started', id: 1, incarnation: 2, seq: 2 },
    ]);
    expect(world.bus.has('process_running')).toBe(false);
  });

  it('hears nothing twice and misses nothing, while the past is read', async () => {
    const { world, control, client } = await open();
    const process = world.start(1);
    let times = 1;
    const end = setInterval(() => {
      for (let round = 0; round < 20; round++) world.startAgain(process);
      times += 20;
      if (times > 1000) clearInterval(end);
    }, 0);
    const seqs: number[] = [];
    for await (const event of client.events({ since: new Date(0), limit: 100_000 })) {
      seqs.push((event as { seq: number }).seq);
      if (seqs.length === 1001) void control.close();
    }
    expect(seqs).toEqual(Array.from({ length: 1001 }, (_, index) => index + 1));
  });

  it('is told of lines, each with who has said it', async () => {
    const { world, control, client } = await open();
    const { display } = world.start(1);
    const origin = { group: 'Group', host: 'localhost', display };
    world.recorder.lines.write(origin, 'log', 'before');
    const seen: string[] = [];
    for await (const line of client.followLogs({ group: 'Group' })) {
      seen.push((line as LogLine).line);
      if (seen.length === 1) world.recorder.lines.writeLines(origin, 'log', 'one\ntwo\n');
      if (seen.length === 3) await control.close();
    }
    expect(seen).toEqual(['before', 'one', 'two']);
  });

  it('may end it at any time', async () => {
    const { world, client } = await open();
    world.start(1);
    for await (const _event of client.events({ since: new Date(0) })) break;
    const abort = new AbortController();
    const aborted = new ControlClient(client.socketPath, { signal: abort.signal });
    for await (const _event of aborted.events({ since: new Date(0) })) abort.abort();
    await expect(aborted.status()).rejects.toThrow('aborted');
  });

  it('reads the past alone', async () => {
    const { world, client } = await open();
    world.start(1);
    world.stop(world.processes[0]!);
    expect((await client.pastEvents({ limit: 1 })).map(({ type }) => type)).toEqual(['process_stopped']);
  });
});

describe('no master', () => {
  it('is told with where it was looked for', async () => {
    const path = controlSocket(testFolder());
    const asked = new ControlClient(path).status();
    await expect(asked).rejects.toThrow(MasterNotRunningError);
    await expect(new ControlClient(path).status()).rejects.toThrow(path);
    await expect(new ControlClient(path).events().next()).rejects.toThrow(MasterNotRunningError);
  });

  it('is what a socket is that nobody listens on', async () => {
    const { world, control, client } = await open();
    await control.close();
    rmSync(client.socketPath, { force: true });
    writeFileSync(client.socketPath, '');
    await expect(world.client.status()).rejects.toThrow(MasterNotRunningError);
  });
});
