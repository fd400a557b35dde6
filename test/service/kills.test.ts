import { describe, expect, it } from 'vitest';
import type { ControlClient } from '@distributed-architecture/core';
import type { AnyGroup, FleetWorld } from '../faults/service/fleet-world.js';
import type { MasterProgram } from '../faults/service/master-program.js';
import { eventually } from '../support/processes.js';
import { groupsBecome } from './stage/states.js';
import { makeWorld, WHO } from './stage/world.js';

interface Change {
  readonly name: string;
  readonly ask: (client: ControlClient, world: FleetWorld) => Promise<unknown>;
  /** What its master says when it is in the midst of it. */
  readonly midst: RegExp;
  /** Default: `plain`. */
  readonly before?: (world: FleetWorld) => AnyGroup[];
  /** The configuration that the next master finds. Default: the same. */
  readonly after?: (world: FleetWorld) => AnyGroup[];
}

const LINGERS = { lingerMs: 200 };
const LOADED = { params: { itemMs: 20 } };

const plain = (world: FleetWorld): AnyGroup[] => [
  world.workers('Work', 2, { params: LINGERS }),
  world.workers('Old', 1),
];
const queue = (world: FleetWorld): AnyGroup[] => [world.queue('Queue', 2, LOADED)];
const others = (world: FleetWorld): AnyGroup[] => [
  world.workers('Work', 1, { params: { ...LINGERS, more: 1 } }),
  world.workers('New', 1),
];
const queueAndMore = (world: FleetWorld): AnyGroup[] => [world.queue('Queue', 3, LOADED), world.workers('New', 1)];

function apply(groups: (world: FleetWorld) => AnyGroup[]): Change['ask'] {
  return (client, world) => {
    world.configure(groups(world));
    return client.reload({ configOnly: true });
  };
}

const CHANGES: readonly Change[] = [
  { name: 'a reload', ask: (client) => client.reload(), midst: /^stopped Work 2\.1/mu },
  { name: 'a scaling', ask: (client) => client.scale('Work', 3), midst: /^stopped Work 1\.1/mu },
  { name: 'another configuration', ask: apply(others), midst: /^stopped Work 1\.1/mu, after: others },
  { name: 'a reload of a queue', ask: (client) => client.reload(), midst: /^started Queue 4\.1/mu, before: queue },
  {
    name: 'a scaling of consumers',
    ask: (client) => client.scale('Queue', 4),
    midst: /^started Queue 4\.1/mu,
    before: queue,
  },
  {
    name: 'a restart of a queue',
    ask: (client) => client.restart('Queue'),
    midst: /^stopped Queue 3\.1/mu,
    before: queue,
  },
  { name: 'a suspension', ask: (client) => client.suspend(), midst: /^stopped Queue 3\.1/mu, before: queue },
  {
    name: 'more consumers in the configuration',
    ask: apply(queueAndMore),
    midst: /^started (?:Queue|New) [45]\.1/mu,
    before: queue,
    after: queueAndMore,
  },
];

/** For a user the rest is the same. */
const CHANGES_OF: Readonly<Record<string, readonly Change[]>> = { root: CHANGES, 'a user': CHANGES.slice(2, 4) };

/** What the configuration says, by what the master says and by what is there. */
async function runsAll(world: FleetWorld, master: MasterProgram, wanted: readonly AnyGroup[]): Promise<void> {
  const client = await master.client();
  const sizes = wanted.map((group) => ('local' in group ? (group.local?.instancesCount ?? 1) : membersOf(group)));
  const expected = wanted.flatMap(({ name }, index) => Array(sizes[index]).fill(`${name} running`) as string[]);
  await groupsBecome(client, ...expected);
  const slaves = (): number => world.processes.filter(({ command }) => /(worker|queue)\.mjs/u.test(command)).length;
  await eventually('only they run', () => slaves() === expected.length);
}

function membersOf(group: AnyGroup): number {
  return 'consumers' in group ? 1 + (group.consumers.local?.instancesCount ?? 0) : 1;
}

describe.each(WHO)('a master of %s', (who, uid) => {
  const changes = WHO.length === 1 ? CHANGES : CHANGES_OF[who]!;
  it.concurrent.for(changes)(
    'that is killed in the midst of $name: the next one runs what is configured, and nothing twice',
    async ({ ask, midst, before = plain, after = before }, context) => {
      const world = makeWorld(context, uid);
      world.configure(before(world));
      const first = await world.start();
      const asked = ask(await first.client(), world).catch(() => {});
      await first.until(`the midst of it (${midst.source})`, () => midst.test(first.output));
      first.send('SIGKILL');
      const next = await world.start();
      await asked;
      await runsAll(world, next, after(world));
      expect(await next.stop()).toBe(0);
      expect(world.meetings).toEqual([]);
    },
  );
});
