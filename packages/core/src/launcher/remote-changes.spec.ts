import { describe, expect, it } from 'vitest';
import { group } from '../testing/process-specs.js';
import { RemoteFleet } from './remote-fleet.spec.helper.js';

/** Longer than it takes to know that nothing lives on a host any more. */
const FENCE_MS = 1.25 * 10_000 + 2000;

const on = (...hosts: readonly string[]) => group({ timeout: 0, remote: [{ hosts: [...hosts] }] });

const TWO = on('one', 'two');

const running = (): Promise<RemoteFleet> => RemoteFleet.running([TWO], ['one', 'two', 'three']);

/** What is left when it was stopped, after a clean end in which nothing lived twice. */
const CLEAN = { exitCode: 0, living: [], doubled: [] };

async function end(fleet: RemoteFleet): Promise<object> {
  await fleet.stop();
  const { exitCode, lives } = fleet;
  return { exitCode, living: lives.living, doubled: lives.doubled };
}

describe('a group on several hosts that is suspended', () => {
  it('stops there and starts nothing; it goes on when it is resumed', async () => {
    const fleet = await running();
    fleet.engine.operator.suspend('Group');
    await fleet.until(() => fleet.states.join() === '1.1 suspended,2.1 suspended');
    expect(fleet.lives.living).toEqual([]);
    await fleet.pass(60_000);
    expect([fleet.lives.living, fleet.exitCode]).toEqual([[], undefined]);
    fleet.engine.operator.resume('Group');
    await fleet.until(() => fleet.states.join() === '1.2 running,2.2 running');
    expect(await end(fleet)).toEqual(CLEAN);
  });

  it('may be killed', async () => {
    const fleet = await running();
    fleet.engine.operator.suspend('Group', { force: true });
    await fleet.until(() => fleet.states.join() === '1.1 suspended,2.1 suspended');
    expect(fleet.events.slice(-2)).toEqual(['stopped 1.1 killed', 'stopped 2.1 killed']);
    expect(await end(fleet)).toEqual(CLEAN);
  });

  it('and resumed before it has stopped starts again at its end', async () => {
    const fleet = await running();
    fleet.engine.operator.suspend('Group');
    await fleet.until(() => fleet.states.includes('1.1 stopping'));
    fleet.engine.operator.resume('Group');
    await fleet.until(() => fleet.states.join() === '1.2 running,2.2 running');
    expect(await end(fleet)).toEqual(CLEAN);
  });

  it.each([0, 90, 95, 100, 105, 110, 115, 120])(
    'and resumed %i ms later runs, whatever crosses it on the way',
    async (ms) => {
      const fleet = await running();
      fleet.engine.operator.suspend('Group');
      await fleet.pass(ms);
      fleet.engine.operator.resume('Group');
      await fleet.pass(1000);
      expect(fleet.states.every((state) => state.endsWith('.2 running'))).toBe(true);
      expect(await end(fleet)).toEqual(CLEAN);
    },
  );

  it('is told to a host out of reach when that is back', async () => {
    const fleet = await running();
    fleet.host('one').cut();
    fleet.engine.operator.suspend('Group');
    await fleet.pass(4800);
    expect(fleet.states).toEqual(['1.1 unreachable', '2.1 suspended']);
    fleet.host('one').mend();
    await fleet.until(() => fleet.states[0] === '1.1 suspended');
    expect(fleet.events).toContain('stopped 1.1 stopped');
    expect(await end(fleet)).toEqual(CLEAN);
  });

  it.each(['agent', 'link'])('is when a host was lost, also later: %s', async (what) => {
    const fleet = await running();
    fleet.host('one').cut();
    fleet.engine.operator.suspend('Group');
    if (what === 'agent') fleet.host('one').die();
    await fleet.pass(FENCE_MS);
    expect([fleet.states[0], fleet.events.at(-1)]).toEqual(['1.1 suspended', 'stopped 1.1 lost']);
    fleet.host('one').mend();
    await fleet.pass(60_000);
    expect([fleet.states[0], fleet.lives.living]).toEqual(['1.1 suspended', []]);
    fleet.engine.operator.resume('Group');
    await fleet.until(() => fleet.states.every((state) => state.endsWith('running')));
    expect(await end(fleet)).toEqual(CLEAN);
  });
});

describe('a group on several hosts that is restarted', () => {
  it('has its next incarnations', async () => {
    const fleet = await running();
    await fleet.settled(fleet.engine.operator.restart('Group'));
    await fleet.until(() => fleet.states.join() === '1.2 running,2.2 running');
    expect(fleet.events).toContain('stopped 1.1 stopped');
    expect(await end(fleet)).toEqual(CLEAN);
  });

  it('and has a part that failed starts that, too', async () => {
    const fleet = await running();
    fleet.host('one').host.latest(1).exit(7);
    await fleet.until(() => fleet.states[0] === '1.1 failed');
    await fleet.settled(fleet.engine.operator.restart('Group'));
    await fleet.until(() => fleet.states.join() === '1.2 running,2.2 running');
    expect(await end(fleet)).toEqual(CLEAN);
  });

  it.each(['cut', 'die'] as const)('begins nothing twice, whatever becomes of a host meanwhile: %s', async (what) => {
    const fleet = await running();
    fleet.host('one').host.latest(1).exit(7);
    await fleet.until(() => fleet.states[0] === '1.1 failed');
    const done = fleet.engine.operator.restart('Group').catch(() => {});
    for (const name of ['one', 'two']) fleet.host(name)[what]();
    await fleet.pass(6000);
    for (const name of ['one', 'two']) fleet.host(name).mend();
    await fleet.settled(done);
    await fleet.until(() => fleet.states.every((state) => state.endsWith('running')));
    expect(fleet.engine.processes.every(({ incarnation }) => incarnation > 1)).toBe(true);
    expect(await end(fleet)).toEqual(CLEAN);
  });
});

describe('a group on several hosts that is scaled', () => {
  it('has others in its place, and the hosts know of no more', async () => {
    const fleet = await running();
    await fleet.settled(fleet.engine.operator.scale('Group', 4));
    await fleet.until(() => fleet.states.every((state) => state.endsWith('.1 running')));
    expect(fleet.states.map((state) => parseInt(state, 10))).toEqual([3, 4, 5, 6]);
    expect([fleet.host('one').told, fleet.host('two').told].map((ids) => ids.length)).toEqual([2, 2]);
    expect(await end(fleet)).toEqual(CLEAN);
  });

  it.each(['cut', 'die'] as const)('does so, whatever becomes of a host meanwhile: %s', async (what) => {
    const fleet = await running();
    const done = fleet.engine.operator.scale('Group', 4).catch(() => {});
    await fleet.pass(10);
    fleet.host('one')[what]();
    await fleet.pass(6000);
    fleet.host('one').mend();
    await fleet.settled(done);
    await fleet.until(() => fleet.states.every((state) => state.endsWith('running')));
    expect(await end(fleet)).toEqual(CLEAN);
  });
});

describe('a configuration that is applied', () => {
  const MORE = { ...on('three'), name: 'More' };

  it('connects the hosts that are new, and leaves those that have nothing to do any more', async () => {
    const fleet = await running();
    const { operator } = fleet.engine;
    expect(await fleet.settled(operator.apply([TWO, MORE]))).toMatchObject({ completed: true });
    await fleet.until(() => fleet.states.join() === '1.1 running,2.1 running,3.1 running');
    expect(fleet.host('three').links).toHaveLength(1);
    expect(await fleet.settled(operator.apply([TWO]))).toMatchObject({ completed: true });
    await fleet.until(() => fleet.host('three').idle);
    expect(fleet.states).toEqual(['1.1 running', '2.1 running']);
    expect(fleet.sink.records.filter((record) => record.includes('Connection to host lost'))).toEqual([]);
    expect(await end(fleet)).toEqual(CLEAN);
  });

  it('has a host back that was left just before', async () => {
    const fleet = await running();
    const { operator } = fleet.engine;
    await fleet.settled(operator.apply([TWO, MORE]));
    await fleet.until(() => fleet.states.length === 3 && fleet.states[2] === '3.1 running');
    await fleet.settled(operator.apply([TWO]));
    await fleet.settled(operator.apply([TWO, MORE]));
    await fleet.until(() => fleet.states.join() === '1.1 running,2.1 running,4.1 running');
    expect(await end(fleet)).toEqual(CLEAN);
  });
});
