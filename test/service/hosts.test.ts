/*
 * Commands to a master whose processes are on other hosts, over SSH, with cuts of the network in the midst of them. Judged by
 * the ledgers of test/remote, whose `sabotage.test.ts` shows what their judge sees.
 */
import { globSync } from 'node:fs';
import { ControlClient } from '@distributed-architecture/core';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Master } from '../remote/stage/master.js';
import { onHosts, type Scene } from '../remote/stage/scene.js';
import { eventually } from '../support/processes.js';
import { Hosts, needsNamespaces } from '../support/hosts.js';
import { become } from './stage/states.js';

const hosts = await Hosts.shared(['alpha', 'beta', 'gamma', 'delta', 'epsilon']);

/** Seconds; of hosts that are cut for longer. */
const LEASE = 3;

beforeEach(needsNamespaces);

/** The control socket is on the disk of the master's host. */
async function clientOf({ name }: Scene): Promise<ControlClient> {
  const pattern = hosts.master.path(`/run/distributed-architecture-*/${name}/run-*/control.sock`);
  await eventually('there is a control socket', () => globSync(pattern).length > 0);
  return new ControlClient(globSync(pattern)[0]!, { timeout: 30 });
}

async function play(
  scene: Scene,
  host: string,
  options: object = {},
  lease = LEASE,
): Promise<{ master: Master; client: ControlClient }> {
  const remote = [{ ...hosts.remote(host), instancesCount: 2, lease }];
  const master = scene.master([scene.beats({ remote, ...options })], { service: true });
  await master.tells('line', /said \S+ 10 /, 2);
  return { master, client: await clientOf(scene) };
}

/** How often each number has begun. */
function livesOf(scene: Scene): Record<string, number> {
  const lives = Map.groupBy(scene.lives(), ({ id }) => String(id));
  return Object.fromEntries(Array.from(lives, ([id, all]) => [id, all.length]));
}

describe('a cut', () => {
  it.concurrent(
    'for 1 s in the midst of a reload: it is completed, each process was replaced once, no line is lost',
    onHosts(hosts, ['alpha'], async (scene) => {
      const { master, client } = await play(scene, 'alpha', { stopTimeout: 20 }, 60);
      const reload = client.reload();
      await master.tells('exit', /^1\.1 stopped/);
      await scene.isCutFor('alpha', 1);
      expect(await reload).toEqual({ completed: true, replaced: 2, left: 0 });
      await master.tells('line', /said \d+\.\d\.2 10 /, 2);
      expect(await master.stop()).toBe(0);
      expect([livesOf(scene), scene.flaws()]).toEqual([{ 1: 2, 2: 2 }, []]);
    }),
  );

  it.concurrent(
    'in the midst of a reload that does not end: the reload gives up, says why, and all runs when the host is back',
    onHosts(hosts, ['beta'], async (scene) => {
      const { master, client } = await play(scene, 'beta', { stopTimeout: 1, startTimeout: 4 });
      await scene.host('beta').cut();
      const result = await client.reload();
      expect(result).toMatchObject({ completed: false, replaced: 0, left: 2 });
      expect(result.reason).toContain('beta');
      await scene.host('beta').restore();
      await become(client, '1 running', '2 running');
      expect(await master.stop()).toBe(0);
      expect(scene.flaws({ complete: false })).toEqual([]);
    }),
  );

  it.concurrent(
    'for longer than the lease in the midst of a suspension: nothing lives there, nothing starts before it is resumed',
    onHosts(hosts, ['gamma'], async (scene) => {
      // Which takes longer than the lease, unless that ends it.
      const { master, client } = await play(scene, 'gamma', { stopTimeout: 60, params: { stubborn: true } });
      await client.suspend();
      await scene.host('gamma').cut();
      await become(client, '1 suspended', '2 suspended');
      await eventually('the agent has ended', () => scene.lives().every(({ pid }) => !isThere(scene, 'gamma', pid)));
      await scene.host('gamma').restore();
      await master.tells('host', /^gamma log \| Connected to host/, 2);
      expect(livesOf(scene)).toEqual({ 1: 1, 2: 1 });
      await client.resume();
      await master.tells('line', /said \d+\.\d\.(?!1 )\d+ 10 /, 2);
      await become(client, '1 running', '2 running');
      await client.suspend(undefined, { force: true });
      await become(client, '1 suspended', '2 suspended');
      expect(await master.stop()).toBe(0);
      expect(scene.flaws({ complete: false })).toEqual([]);
    }),
  );

  it.concurrent(
    'before a suspension and a resumption: what counts is the last, and nothing runs twice',
    onHosts(hosts, ['delta'], async (scene) => {
      const { master, client } = await play(scene, 'delta');
      await scene.host('delta').cut();
      for (let round = 0; round < 3; round++) {
        await client.suspend('Beats', { force: round === 1 });
        await client.resume('Beats');
      }
      await client.suspend();
      await scene.host('delta').restore();
      await become(client, '1 suspended', '2 suspended');
      await eventually('they have ended', () => scene.lives().every(({ pid }) => !isThere(scene, 'delta', pid)));
      await client.resume();
      await become(client, '1 running', '2 running');
      expect(await master.stop()).toBe(0);
      expect(scene.flaws({ complete: false })).toEqual([]);
    }),
  );
});

it.concurrent(
  'a stop in the midst of a reload of a host that is cut ends both, and nothing lives on there',
  onHosts(hosts, ['epsilon'], async (scene) => {
    const { master, client } = await play(scene, 'epsilon', { stopTimeout: 2 });
    const reload = client.reload().catch((error: Error) => ({ reason: error.message, completed: false }));
    await master.tells('exit', /^1\.1 stopped/);
    await scene.host('epsilon').cut();
    await client.stop();
    expect(await reload).toMatchObject({ completed: false });
    expect(await master.end()).toBe(0);
    await eventually('the lease has ended all', () =>
      scene.lives().every(({ pid }) => !isThere(scene, 'epsilon', pid)),
    );
    expect(scene.flaws({ complete: false })).toEqual([]);
  }),
);

/** By the number that it has there. */
function isThere(scene: Scene, name: string, pid: number): boolean {
  return scene
    .host(name)
    .processes()
    .some((each) => each.innerPid === pid);
}
