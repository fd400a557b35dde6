import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { ControlClient, ReloadResult } from '@distributed-architecture/core';
import { repository } from '../setup/temporary-folder.js';
import type { FleetWorld } from '../faults/service/fleet-world.js';
import { eventually } from '../support/processes.js';
import { become } from './stage/states.js';
import { makeWorld, WHO } from './stage/world.js';

const CLEAN: string[] = [];
const CRASHES = 'process.exit(3);\n';
const IS_NO_CODE = 'import { nothing } from "./nowhere.mjs";\n)';
const HANGS = 'setInterval(() => {}, 60_000);\n';

async function start(world: FleetWorld, groups: Parameters<FleetWorld['configure']>[0]) {
  world.configure(groups);
  const master = await world.start();
  const client = await master.client();
  return { master, client };
}

async function pidsOf(client: ControlClient, group?: string): Promise<(number | undefined)[]> {
  return (await client.processes(group)).map(({ pid }) => pid);
}

describe.each(WHO)('new code, in a fleet of %s,', (_who, uid) => {
  it.concurrent(
    'that crashes ends the reload of a group at its first process; the next reload is well again',
    async (context) => {
      const world = makeWorld(context, uid);
      const { master, client } = await start(world, [
        world.workers('Work', 3, { restart: 'on-failure', restartDelay: 0.1, maxRestarts: 1000 }),
      ]);
      // Who boots still would read the new code.
      await become(client, '1 running', '2 running', '3 running');
      const before = await pidsOf(client);
      world.swap('worker', CRASHES);
      const result = await client.reload();
      expect(result).toMatchObject({ completed: false, replaced: 0, left: 3 });
      expect(result.reason).toContain('has ended before it was running');
      expect((await pidsOf(client)).slice(1)).toEqual(before.slice(1));
      world.swap('worker');
      await become(client, '1 running', '2 running', '3 running');
      expect(await client.reload()).toEqual({ completed: true, replaced: 3, left: 0 });
      expect(await master.stop()).toBe(0);
    },
  );
});

describe('new code', () => {
  it.concurrent.for([
    ['is none', IS_NO_CODE, 30],
    ['is never ready', HANGS, 1],
  ] as const)('that %s leaves the consumers and their work as they are', async ([, code, startTimeout], context) => {
    const world = makeWorld(context);
    const { master, client } = await start(world, [world.queue('Queue', 2, { startTimeout })]);
    const items = world.items('Queue');
    await eventually('work flows', () => items.answered.length > 50);
    await become(client, '1 running', '2 running', '3 running');
    const before = await pidsOf(client);
    world.swap('queue', code);
    expect(await client.reload()).toMatchObject({ completed: false, replaced: 0, left: 3 });
    await become(client, '1 running', '2 running', '3 running');
    expect(await pidsOf(client)).toEqual(before);
    const answered = items.answered.length;
    await eventually('work flows on', () => items.answered.length > answered + 50);
    items.enough();
    await eventually('all is answered', () => world.processes.every(({ command }) => !command.includes('queue.mjs')));
    expect(items.flaws()).toEqual(CLEAN);
    expect(await master.stop()).toBe(0);
  });
});

it.concurrent(
  'a second change during a reload is refused, each kind of it, and the reload does not notice',
  async (context) => {
    const world = makeWorld(context);
    const { master, client } = await start(world, [world.workers('Work', 2, { params: { lingerMs: 500 } })]);
    const reload = client.reload();
    await eventually('it has begun', () => master.output.includes('Reloading group Work'));
    const second = [
      client.reload(),
      client.reload({ group: 'Work' }),
      client.reload({ configOnly: true }),
      client.scale('Work', 5),
      client.restart('Work'),
    ];
    const codes = (await Promise.allSettled(second)).map((each) =>
      each.status === 'rejected' ? each.reason.code : each,
    );
    expect(codes).toEqual(second.map(() => 'CHANGE_RUNNING'));
    expect(await reload).toEqual({ completed: true, replaced: 2, left: 0 });
    await become(client, '1 running', '2 running');
    expect(await master.stop()).toBe(0);
  },
);

describe('a stop during a reload', () => {
  const LINGERS = { params: { lingerMs: 300 } };
  it.concurrent.for([
    ['a group', (world: FleetWorld) => [world.workers('Work', 3, LINGERS)], 'stopped Work 2.1'],
    ['consumers', (world: FleetWorld) => [world.queue('Work', 3)], 'started Work 5.1'],
    ['a feeder', (world: FleetWorld) => [world.queue('Work', 1)], 'stopped Work 1.1'],
  ] as const)('of %s ends both at once, and nothing starts any more', async ([, groups, midst], context) => {
    const world = makeWorld(context);
    const { master, client } = await start(world, groups(world));
    const reload = client.reload().catch((error: Error): Partial<ReloadResult> => ({ reason: error.message }));
    await master.says(midst);
    await client.stop();
    expect((await reload).completed ?? false).toBe(false);
    expect(await master.end).toBe(0);
    const afterwards = master.output.slice(master.output.indexOf('Stopping...'));
    expect(afterwards).not.toMatch(/^started/mu);
    expect(world.items('Work').flaws()).toEqual(CLEAN);
  });
});

it.concurrent('a reload whose client is killed goes on, and the journal tells how it ended', async (context) => {
  const world = makeWorld(context);
  const { master, client } = await start(world, [world.workers('Work', 2, { params: { lingerMs: 300 } })]);
  const script = `import { ControlClient } from '@distributed-architecture/core';
    await new ControlClient(${JSON.stringify(client.socketPath)}).reload();`;
  const asks = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: repository, env: world.env });
  await master.says('stopped Work 1.1');
  asks.kill('SIGKILL');
  await master.says('started Work 2.2');
  await become(client, '1 running', '2 running');
  await eventually('it has ended', () => master.output.includes('Reloaded 2 processes'));
  const ends = await client.pastEvents({ types: ['change_ended'] });
  expect(ends).toMatchObject([{ change: 'reload', outcome: 'ok', result: { replaced: 2 } }]);
  expect(await master.stop()).toBe(0);
});
