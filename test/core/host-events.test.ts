import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { Fleet, fixture, slave } from '../support/fleet.js';
import { eventually } from '../support/processes.js';
import { Relays } from '../support/relays.js';

const SCRIPT = 'listens-to-agent.mjs';

it('a script without Nest hears the events of its host, to the end, and what its listeners throw harms nothing', async () => {
  const relays = new Relays(fixture(SCRIPT));
  const agents = new Map([['localhost', relays]]);
  const fleet = new Fleet([slave(SCRIPT)], { name: `listened-${randomUUID()}`, agents, hostEvents: true });
  await fleet.says('running running');
  await fleet.launcher.stop();
  expect(await fleet.end).toEqual({ exitCode: 0 });
  const said = fleet.log.filter(({ origin, text }) => origin === 'listener' && !text.startsWith('running'));
  expect(said.map(({ level, text }) => `${level} ${text}`).toSorted()).toEqual([
    'log stopped work/1/1 stopped',
    'log the agent has said all',
    'warn master_stopped failed: isMaster false',
  ]);
  await eventually('all has ended', () => relays.processes.length === 0);
});
