import { beforeEach, describe, expect, it } from 'vitest';
import type { GroupOptions } from '../config/group-config.js';
import { FakeHost } from '../testing/fake-host.js';
import { ManualClock } from '../testing/manual-clock.js';
import { group } from '../testing/process-specs.js';
import { RecordingSink } from '../testing/recording-sink.js';
import { Launcher } from './launcher.js';

const A = group({ name: 'A', timeout: 0 });
const B = group({ name: 'B', timeout: 0 });

let clock: ManualClock;
let host: FakeHost;

beforeEach(() => {
  clock = new ManualClock();
  host = new FakeHost();
});

/** All are booted. */
async function running(groups: readonly GroupOptions[]) {
  const launcher = new Launcher({ clock, host, logger: new RecordingSink(), timeout: 0 });
  const begun = new Promise((resolve) => launcher.on('master_starting', resolve));
  const result = launcher.run(groups);
  await begun;
  for (const each of host.started) each.boot();
  return { launcher, result };
}

/** Whatever goes on without time has gone on. */
async function turn(): Promise<void> {
  for (let round = 0; round < 20; round++) await new Promise((resolve) => setImmediate(resolve));
  clock.advance(0);
}

/** What is stopping ends, and what starts is ready, until nothing moves any more. */
async function settle(launcher: Launcher): Promise<void> {
  for (let before = ''; before !== states(launcher);) {
    before = states(launcher);
    for (const { id, state } of launcher.processes) {
      if (state === 'stopping') host.latest(id).exit();
      if (state === 'starting') host.latest(id).boot();
    }
    await turn();
  }
}

async function exitCode(launcher: Launcher, result: Promise<{ exitCode: number }>): Promise<number> {
  void launcher.stop();
  await settle(launcher);
  return (await result).exitCode;
}

function states(launcher: Launcher): string {
  return launcher.processes.map(({ id, incarnation, state }) => `${id}.${incarnation} ${state}`).join(', ');
}

describe('a group whose old processes do not end in time for a scaling', () => {
  async function late(): Promise<{ launcher: Launcher; result: Promise<{ exitCode: number }> }> {
    const { launcher, result } = await running([A, B]);
    const scaled = launcher.scaleGroup('A', 2).catch((error: unknown) => String(error));
    await turn();
    clock.advance(310_000);
    expect(await scaled).toContain(
      'work/1/1 has not ended after 310 s; group A starts again when all of its processes have ended',
    );
    expect(states(launcher)).toBe('1.1 stopping, 2.1 running');
    return { launcher, result };
  }

  it('starts again as it was when they have', async () => {
    const { launcher, result } = await late();
    await settle(launcher);
    expect(states(launcher)).toBe('2.1 running, 3.1 running');
    expect(launcher.groups).toEqual(['A', 'B']);
    expect(await exitCode(launcher, result)).toBe(0);
  });

  it('may be scaled again meanwhile', async () => {
    const { launcher, result } = await late();
    const scaled = launcher.scaleGroup('A', 3);
    await settle(launcher);
    await scaled;
    expect(launcher.processes.map((each) => each.group).toSorted()).toEqual(['A', 'A', 'A', 'B']);
    expect(await exitCode(launcher, result)).toBe(0);
  });

  it('may be removed meanwhile, and does not come back', async () => {
    const { launcher, result } = await late();
    const applied = launcher.apply([B]);
    await settle(launcher);
    expect(await applied).toMatchObject({ completed: true });
    expect([launcher.groups, states(launcher)]).toEqual([['B'], '2.1 running']);
    expect(await exitCode(launcher, result)).toBe(0);
  });
});

describe('a group that is away for a moment, since it is being replaced', () => {
  it('can be suspended and resumed', async () => {
    const { launcher, result } = await running([A, group({ name: 'C', dependsOn: ['A'], timeout: 0 }), B]);
    const change = (timeout: number) => [{ ...A, timeout }, group({ name: 'C', dependsOn: ['A'], timeout }), B];
    const away = async (): Promise<void> => {
      for (const { id, group: each } of launcher.processes) if (each === 'C') host.latest(id).exit();
      await turn();
      expect(launcher.groups).toEqual(['A', 'B']);
    };
    const first = launcher.apply(change(7));
    await away();
    launcher.suspendAll();
    await settle(launcher);
    expect(await first).toMatchObject({ completed: true });
    expect(launcher.processes.map(({ state }) => state)).toEqual(['suspended', 'suspended', 'suspended']);
    launcher.resumeAll();
    await settle(launcher);
    launcher.suspendGroup('C');
    await settle(launcher);
    const second = launcher.apply(change(8));
    launcher.resumeGroup('C');
    await settle(launcher);
    expect(await second).toMatchObject({ completed: true });
    expect(launcher.processes.map(({ state }) => state)).toEqual(['running', 'running', 'running']);
    expect(await exitCode(launcher, result)).toBe(0);
  });
});
