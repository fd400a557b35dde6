import { describe, expect, it } from 'vitest';
import type { GroupOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import { placeProcesses } from '../placement/place-processes.js';
import { FakeHost, type FakeProcess } from '../testing/fake-host.js';
import { ManualClock } from '../testing/manual-clock.js';
import { group } from '../testing/process-specs.js';
import { RecordingSink } from '../testing/recording-sink.js';
import { Launcher } from './launcher.js';
import type { LauncherOptions } from './launcher-options.js';
import type { AgentConnection } from './remote-agent.js';

const A = group({ name: 'A' });
const B = group({ name: 'B', timeout: 0 });
const SERVICE = { service: true, maxRunningTime: 60 } as const;

/** A launcher whose processes boot at once, and end when they are asked to. */
async function running(groups: readonly (GroupOptions | QueueGroupOptions)[], options: LauncherOptions = {}) {
  const [clock, host] = [new ManualClock(), new FakeHost()];
  const launcher = new Launcher({ clock, host, logger: new RecordingSink(), ...options });
  const begun = new Promise((resolve) => launcher.on('master_starting', resolve));
  const result = launcher.run(groups);
  await begun;
  for (const each of host.started) each.boot();
  const shown = (): string => launcher.processes.map(({ id, state }) => `${id} ${state}`).join(', ');
  /** Whatever goes on goes on, but for what is to stay as it is. */
  const goOn = async (ms = 0, ...except: readonly number[]): Promise<void> => {
    clock.advance(ms);
    for (let round = 0; round < 10; round++) {
      await new Promise((resolve) => setImmediate(resolve));
      const others = launcher.processes.filter(({ id }) => !except.includes(id));
      for (const { id, state } of others) {
        if (state === 'stopping') host.latest(id).exit();
        else if (state === 'starting') host.latest(id).boot();
        else if (state === 'running') drain(host.latest(id));
      }
      clock.advance(0);
    }
  };
  const end = async (): Promise<number> => {
    void launcher.stop();
    await goOn();
    return (await result).exitCode;
  };
  return { launcher, host, goOn, shown, end };
}

/** A consumer holds nothing when its feeder is gone. */
function drain(consumer: FakeProcess): void {
  const last = consumer.sent.at(-1);
  if (last?.type === 'feeder-gone') consumer.message({ type: 'drained', feeder: last.incarnation });
}

describe('a change that is undone', () => {
  it('leaves the exit code as it was: a new group had failed', async () => {
    const { launcher, host, goOn, shown, end } = await running([A]);
    const applied = launcher.apply([A, group({ name: 'New' })]);
    await goOn(0, 2);
    host.latest(2).exit(3);
    expect(await applied).toMatchObject({ completed: false, rolledBack: true });
    expect(shown()).toBe('1 running');
    expect(await end()).toBe(0);
  });

  it('leaves the exit code as it was: a successor had failed', async () => {
    const { launcher, host, goOn, shown, end } = await running([{ ...A, reload: { order: 'start-first' } }]);
    const reload = launcher.reload();
    await goOn(0, 2);
    host.latest(2).exit(1);
    expect(await reload).toMatchObject({ completed: false });
    expect(shown()).toBe('1 running');
    expect(await end()).toBe(0);
  });
});

describe('a service whose running time is over in the midst of a change', () => {
  it('has the group that is scaled afterwards', async () => {
    const { launcher, goOn, shown, end } = await running([{ ...A, timeout: 0 }, B], SERVICE);
    await goOn(59_000);
    const scaled = launcher.scaleGroup('A', 2);
    await goOn(2000);
    await scaled;
    expect(launcher.groups).toEqual(['A', 'B']);
    await goOn(60_000);
    expect(shown()).toBe('2 running, 3 running, 4 running');
    expect(await end()).toBe(0);
  });

  it('has as many consumers as before', async () => {
    const queue: QueueGroupOptions = { ...B, name: 'Queue', consumers: { local: { instancesCount: 1 } } };
    const { launcher, goOn, shown, end } = await running([queue], SERVICE);
    await goOn(59_000);
    const reload = launcher.reload('Queue');
    await goOn(2000);
    expect(await reload).toMatchObject({ completed: true });
    await goOn(60_000);
    expect(shown()).toBe('1 running, 3 running');
    expect(await end()).toBe(0);
  });
});

it('a scaling whose old processes need too long to end fails, and loses no group', async () => {
  const { launcher, goOn, shown, end } = await running([{ ...A, timeout: 0 }, B], { timeout: 0 });
  const scaled = launcher.scaleGroup('A', 2).catch((error: unknown) => String(error));
  for (let minute = 0; minute < 6; minute++) await goOn(60_000, 1);
  expect(await scaled).toContain('has not ended after');
  await goOn();
  expect(launcher.groups).toEqual(['A', 'B']);
  expect(shown()).toMatch(/^2 running, \d running/u);
  expect(await end()).toBe(0);
});

it('a run that has ended in the midst of a change connects to no hosts and creates no processes any more', async () => {
  const remote: GroupOptions = { ...group({ name: 'Remote' }), remote: [{ hosts: ['far'], instancesCount: 1 }] };
  const { key } = placeProcesses([remote]).targets[0]!;
  let connects = 0;
  const connect = (): Promise<never> => {
    connects++;
    return new Promise(() => {});
  };
  const far: AgentConnection = { transport: 'SSH', lease: 30, connect };
  const { launcher, goOn, shown } = await running([A], { agents: new Map([[key, far]]) });
  launcher.suspendAll();
  await goOn();
  const applied = launcher.apply([A, remote]);
  // Nothing lives: the stop is done before the host is found.
  await launcher.stop();
  expect(await applied).toMatchObject({ completed: false, reason: 'the fleet stops' });
  await goOn();
  expect([connects, shown()]).toEqual([0, '1 stopped']);
});

it('names of groups are names, whatever else they mean', async () => {
  const names = ['__proto__', 'constructor', 'toString'];
  const { launcher, goOn, shown, end } = await running(names.map((name) => group({ name })));
  const scaled = launcher.scaleGroup('__proto__', 2);
  await goOn();
  await scaled;
  expect(launcher.groups.toSorted()).toEqual(names.toSorted());
  expect(shown()).toBe('2 running, 3 running, 4 running, 5 running');
  expect(await end()).toBe(0);
});
