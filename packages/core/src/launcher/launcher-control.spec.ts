import { beforeEach, describe, expect, it } from 'vitest';
import { ChangeRunningError, GroupUnknownError } from '../control/control-errors.js';
import type { GroupOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import { LauncherStateError } from '../errors/launcher-state-error.js';
import { FakeHost } from '../testing/fake-host.js';
import { ManualClock } from '../testing/manual-clock.js';
import { group } from '../testing/process-specs.js';
import { RecordingSink } from '../testing/recording-sink.js';
import { Launcher } from './launcher.js';
import type { LauncherOptions } from './launcher-options.js';
import { queueGroup } from './queue-fleet.spec.helper.js';

const PAIR = group({ name: 'Pair', local: { instancesCount: 2 } });

let clock: ManualClock;
let host: FakeHost;
let sink: RecordingSink;

beforeEach(() => {
  clock = new ManualClock();
  host = new FakeHost();
  sink = new RecordingSink();
});

/** All are booted. */
async function running(groups: readonly (GroupOptions | QueueGroupOptions)[], options: LauncherOptions = {}) {
  const launcher = new Launcher({ clock, host, logger: sink, ...options });
  const events: string[] = [];
  for (const name of ['process_created', 'process_stopped'] as const) {
    launcher.on(name, (event) => events.push(`${name} ${event.process.id}`));
  }
  const begun = new Promise((resolve) => launcher.on('master_starting', resolve));
  const result = launcher.run(groups);
  await begun;
  // What boots lets others start.
  for (let booted = 0; booted < host.started.length; booted++) host.started[booted]!.boot();
  return { launcher, result, events };
}

/** Whatever goes on without time has gone on. */
async function turn(): Promise<void> {
  for (let round = 0; round < 20; round++) await new Promise((resolve) => setImmediate(resolve));
}

function states(launcher: Launcher): string {
  return launcher.processes.map(({ id, state }) => `${id} ${state}`).join(', ');
}

describe('a launcher that does not run', () => {
  it('changes nothing', async () => {
    const launcher = new Launcher();
    expect(() => launcher.suspendAll()).toThrow(LauncherStateError);
    await expect(launcher.restartGroup('Pair')).rejects.toThrow(LauncherStateError);
  });

  it('any more neither', async () => {
    const { launcher, result } = await running([PAIR]);
    for (const id of [1, 2]) host.latest(id).exit();
    await result;
    expect(() => launcher.resumeGroup('Pair')).toThrow('Nothing can be changed: the launcher does not run');
  });
});

describe('a launcher that runs', () => {
  it('suspends and resumes a group', async () => {
    const { launcher } = await running([PAIR, group({ name: 'Other' })]);
    launcher.suspendGroup('Pair');
    expect([1, 2, 3].map((id) => host.latest(id).sent.at(-1)?.type)).toEqual(['stop', 'stop', 'start']);
    for (const id of [1, 2]) host.latest(id).exit();
    expect(states(launcher)).toBe('1 suspended, 2 suspended, 3 running');
    launcher.resumeGroup('Pair');
    expect(host.latest(2).incarnation).toBe(2);
    launcher.suspendAll({ force: true });
    expect(host.latest(3).kills).toBe(1);
    launcher.resumeAll();
    host.latest(3).exit(null, 'SIGKILL');
    clock.advance(0);
    expect(host.latest(3).incarnation).toBe(2);
  });

  it('knows its groups by their names only', async () => {
    const { launcher } = await running([PAIR]);
    expect(() => launcher.suspendGroup('Pairs')).toThrow(new GroupUnknownError('Pairs', ['Pair']));
    await expect(launcher.scaleGroup('Pairs', 2)).rejects.toThrow('did you mean "Pair"');
  });

  it('restarts a group', async () => {
    const { launcher } = await running([PAIR]);
    const done = launcher.restartGroup('Pair');
    await expect(launcher.reload()).rejects.toThrow(ChangeRunningError);
    for (const id of [1, 2]) host.latest(id).exit(1);
    clock.advance(0);
    for (const id of [1, 2]) host.latest(id).boot();
    await done;
    expect(launcher.processes.map(({ id, incarnation }) => `${id}.${incarnation}`)).toEqual(['1.2', '2.2']);
  });

  it('scales its only group: all are replaced, and it does not end in between', async () => {
    const { launcher, events } = await running([PAIR]);
    const [first] = launcher.processes;
    const done = launcher.scaleGroup('Pair', 3);
    await turn();
    for (const id of [1, 2]) host.latest(id).exit();
    await turn();
    for (const id of [3, 4, 5]) host.latest(id).boot();
    await done;
    expect(states(launcher)).toBe('3 running, 4 running, 5 running');
    expect(launcher.groups).toEqual(['Pair']);
    expect(host.latest(4).sent[0]).toMatchObject({ id: 4, groupId: 2, groupCount: 3 });
    expect(events).toEqual([
      ...[1, 2].map((id) => `process_created ${id}`),
      ...[1, 2].map((id) => `process_stopped ${id}`),
      ...[3, 4, 5].map((id) => `process_created ${id}`),
    ]);
    // Who looks at one that is gone sees its last record.
    expect([first?.state, first?.incarnation]).toEqual(['stopped', 1]);
  });

  it('ends when a change has left nothing', async () => {
    const { launcher, result } = await running([PAIR]);
    const done = launcher.apply([]);
    await turn();
    for (const id of [1, 2]) host.latest(id).exit();
    expect(await done).toMatchObject({ completed: true });
    expect(await result).toEqual({ exitCode: 0 });
    expect(launcher.processes).toEqual([]);
    expect(clock.waiting).toBe(0);
  });

  it('stops in the middle of a change', async () => {
    const { launcher, result } = await running([PAIR]);
    const done = launcher.restartGroup('Pair');
    const stopped = launcher.stop();
    await expect(done).rejects.toThrow('the fleet stops');
    for (const id of [1, 2]) host.latest(id).exit();
    await stopped;
    expect(await result).toEqual({ exitCode: 0 });
    expect(clock.waiting).toBe(0);
  });

  it('as a service stays when all have ended', async () => {
    const { launcher, result } = await running([PAIR], { service: true });
    for (const id of [1, 2]) host.latest(id).exit();
    clock.advance(5000);
    expect(launcher.isRunning).toBe(true);
    await launcher.stop();
    expect(await result).toEqual({ exitCode: 0 });
  });
});

describe('a group that is suspended', () => {
  it('is restarted when all of it runs again, also what had not stopped yet', async () => {
    const { launcher, result } = await running([PAIR]);
    launcher.suspendGroup('Pair');
    host.latest(1).exit();
    let isDone = false;
    const restart = launcher.restartGroup('Pair').then(() => (isDone = true));
    await turn();
    expect([states(launcher), isDone]).toEqual(['1 starting, 2 stopping', false]);
    host.latest(2).exit();
    clock.advance(0);
    await restart;
    expect(states(launcher)).toBe('1 starting, 2 starting');
    void launcher.kill();
    for (const id of [1, 2]) host.latest(id).exit();
    await result;
  });

  it('stays suspended when it is scaled, and starts what is new when it is resumed', async () => {
    const { launcher, result } = await running([PAIR, group({ name: 'Other' })]);
    launcher.suspendGroup('Pair');
    for (const id of [1, 2]) host.latest(id).exit();
    await launcher.scaleGroup('Pair', 1);
    expect(states(launcher)).toBe('3 running, 4 suspended');
    launcher.resumeGroup('Pair');
    expect(states(launcher)).toBe('3 running, 4 starting');
    void launcher.kill();
    for (const id of [3, 4]) host.latest(id).exit();
    await result;
  });

  it('stays suspended when it is replaced for another configuration, but not when it comes back later', async () => {
    const other = group({ name: 'Other' });
    const { launcher, result } = await running([PAIR, other]);
    launcher.suspendGroup('Pair');
    for (const id of [1, 2]) host.latest(id).exit();
    await launcher.apply([{ ...PAIR, timeout: 77 }, other]);
    expect(states(launcher)).toBe('3 running, 4 suspended, 5 suspended');
    await launcher.apply([other]);
    const applied = launcher.apply([PAIR, other]);
    await turn();
    expect(states(launcher)).toBe('3 running, 6 starting, 7 starting');
    for (const id of [6, 7]) host.latest(id).boot();
    await applied;
    void launcher.kill();
    for (const id of [3, 6, 7]) host.latest(id).exit();
    await result;
  });
});

it('a new group that depends on a suspended one is no reason to wait', async () => {
  const launcher = new Launcher({ clock, host, logger: sink });
  const begun = new Promise((resolve) => launcher.on('master_starting', resolve));
  const result = launcher.run([PAIR]);
  await begun;
  launcher.suspendGroup('Pair');
  for (const id of [1, 2]) host.latest(id).exit();
  const applied = await launcher.apply([PAIR, group({ name: 'Later', dependsOn: ['Pair'] })]);
  expect(applied).toMatchObject({ completed: true });
  expect(states(launcher)).toBe('1 suspended, 2 suspended, 3 waiting');
  await launcher.stop();
  await result;
});

it('the restart of a queue group has come to its end when all of it was started, however few boot at a time', async () => {
  const { launcher, result } = await running([queueGroup({ consumers: { local: { instancesCount: 2 } } })], {
    bootSlots: 1,
  });
  let isDone = false;
  const restart = launcher.restartGroup('Queue', { force: true }).then(() => (isDone = true));
  for (const id of [2, 3, 1]) host.latest(id).exit(null, 'SIGKILL');
  for (const id of [1, 2]) {
    clock.advance(0);
    await turn();
    expect([id, isDone]).toEqual([id, false]);
    host.latest(id).boot();
  }
  await restart;
  expect(states(launcher)).toBe('1 running, 2 running, 3 starting');
  void launcher.kill();
  for (const id of [1, 2, 3]) host.latest(id).exit(null, 'SIGKILL');
  await result;
});
