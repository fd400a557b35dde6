import { expect, it } from 'vitest';
import { group } from '../testing/process-specs.js';
import { RemoteFleet } from './remote-fleet.spec.helper.js';

const on = (...hosts: readonly string[]) => group({ timeout: 0, remote: [{ hosts: [...hosts] }] });

it('a host that was left while it was out of reach, and is back, runs what it gets later', async () => {
  const fleet = await RemoteFleet.running([on('one', 'two')], ['one', 'two']);
  const { operator } = fleet.engine;
  // So that its agent has heard of some wishes.
  await fleet.settled(operator.restart('Group'));
  fleet.host('two').cut();
  await fleet.settled(operator.apply([on('one')]));
  expect(fleet.states).toEqual(['3.1 running']);
  fleet.host('two').mend();
  await fleet.settled(operator.apply([on('one', 'two')]));
  expect(fleet.states).toEqual(['4.1 running', '5.1 running']);
  await fleet.stop();
  expect([fleet.exitCode, fleet.lives.living, fleet.lives.doubled]).toEqual([0, [], []]);
});

/** A process that was suspended on a host, and resumed while the host was out of reach. */
async function resumedInVain(cutForMs: number): Promise<RemoteFleet> {
  const fleet = await RemoteFleet.running([on('one')], ['one']);
  const { operator } = fleet.engine;
  operator.suspend('Group');
  await fleet.until(() => fleet.states.join() === '1.1 suspended');
  fleet.host('one').cut();
  await fleet.pass(cutForMs);
  operator.resume('Group');
  await fleet.pass(100);
  return fleet;
}

it.each([0, 6000])('what was to run on a host that has not heard of it (cut %i ms before) is restarted', async (ms) => {
  const fleet = await resumedInVain(ms);
  const restart = fleet.engine.operator.restart('Group');
  fleet.host('one').mend();
  await fleet.settled(restart);
  await fleet.until(() => fleet.states.join().endsWith('running'));
  await fleet.stop();
  expect([fleet.exitCode, fleet.lives.living, fleet.lives.doubled]).toEqual([0, [], []]);
});

it.each([0, 6000])('what was to run on a host that has not heard of it (cut %i ms before) stops', async (ms) => {
  const fleet = await resumedInVain(ms);
  fleet.engine.stop();
  fleet.host('one').mend();
  await fleet.until(() => fleet.exitCode !== undefined);
  expect([fleet.exitCode, fleet.lives.living, fleet.lives.doubled]).toEqual([0, [], []]);
});
