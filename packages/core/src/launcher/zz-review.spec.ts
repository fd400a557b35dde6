import { describe, expect, it } from 'vitest';
import { planChanges } from '../plan/plan-changes.js';
import { group } from '../testing/process-specs.js';
import { ManualClock } from '../testing/manual-clock.js';
import { FakeHost } from '../testing/fake-host.js';
import { RecordingSink } from '../testing/recording-sink.js';
import { Launcher } from './launcher.js';
import type { GroupOptions } from '../config/group-config.js';

async function turn(): Promise<void> {
  for (let round = 0; round < 20; round++) await new Promise((resolve) => setImmediate(resolve));
}
async function running(groups: readonly GroupOptions[]) {
  const clock = new ManualClock();
  const host = new FakeHost();
  const sink = new RecordingSink();
  const launcher = new Launcher({ clock, host, logger: sink });
  const begun = new Promise((resolve) => launcher.on('master_starting', resolve));
  const result = launcher.run(groups);
  await begun;
  for (const each of host.started) each.boot();
  return { launcher, result, clock, host, sink };
}
const states = (l: Launcher) => l.processes.map(({ id, state }) => `${id} ${state}`).join(', ');

describe('review', () => {
  it('plan: env added', () => {
    const a = group({ name: 'A' });
    const b = group({ name: 'A', env: { X: '1' } });
    expect(planChanges({ groups: [a] }, { groups: [b] }).steps.length).toBe(1);
  });
  it('suspended group stays suspended when scaled', async () => {
    const { launcher, host, clock } = await running([group({ name: 'A', local: { instancesCount: 1 } }), group({ name: 'B' })]);
    launcher.suspendGroup('A');
    host.latest(1).exit();
    expect(states(launcher)).toBe('1 suspended, 2 running');
    const done = launcher.scaleGroup('A', 2);
    await turn();
    clock.advance(0);
    await turn();
    console.log('SCALE', states(launcher));
    await Promise.race([done, turn()]);
    expect(states(launcher)).toBe('2 running, 3 suspended, 4 suspended');
  });
  it('suspended group stays suspended when another configuration is applied', async () => {
    const A = group({ name: 'A' });
    const B = group({ name: 'B' });
    const { launcher, host, clock } = await running([A, B]);
    launcher.suspendGroup('A');
    host.latest(1).exit();
    const done = launcher.apply([{ ...A, timeout: 77 }, B]);
    await turn();
    clock.advance(0);
    await turn();
    console.log('APPLY', states(launcher));
    await Promise.race([done, turn()]);
    expect(states(launcher)).toBe('2 running, 3 suspended');
  });
  it('a rolled back configuration does not change the exit code', async () => {
    const A = group({ name: 'A' });
    const { launcher, host, clock, result } = await running([A]);
    const done = launcher.apply([A, group({ name: 'New' })]);
    await turn();
    host.latest(2).boot?.();
    host.latest(2).exit(3);
    await turn();
    clock.advance(0);
    await turn();
    const outcome = await done;
    console.log('OUTCOME', JSON.stringify(outcome), states(launcher));
    const stopped = launcher.stop();
    host.latest(1).exit();
    await stopped;
    expect((await result).exitCode).toBe(0);
  });
});
