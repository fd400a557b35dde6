import { expect, it } from 'vitest';
import { Fleet, slave } from '../support/fleet.js';

it('a whole stop is bounded by the timeout of the master, however long a process may take', async () => {
  const patient = slave('ignores-stop.mjs', { timeout: 0, stopTimeout: 600, restart: 'always' });
  const fleet = new Fleet([patient], { timeout: 1 });
  await fleet.says('ignoring');
  await fleet.launcher.stop();
  expect(await fleet.end).toEqual({ exitCode: 0 });
  expect(fleet.texts).toContain('Timeout waiting for clean shutdown, force kill');
  expect(fleet.events).toContain('process_stopped 1.1 killed');
});
