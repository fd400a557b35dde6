/*
 * Feeders and consumers on several hosts, each with a ledger of its own; judged by the rules of test/faults/feed.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import type { QueueGroupOptions } from '@distributed-architecture/core';
import { Hosts, needsNamespaces } from '../support/hosts.js';
import { judgeFeed, type FeedVerdict } from './stage/feed-records.js';
import type { Master } from './stage/master.js';
import { agentsOf, killAll, nowUs, onHosts, type Scene } from './stage/scene.js';

const hosts = await Hosts.shared([
  'alpha',
  'beta',
  'gamma',
  'delta',
  'epsilon',
  'zeta',
  'eta',
  'theta',
  'iota',
  'kappa',
  'lambda',
]);

beforeEach(needsNamespaces);

/** A queue group whose feeder is on a host. */
function items(scene: Scene, feeder: string, options: Omit<QueueGroupOptions, 'name' | 'command'>): QueueGroupOptions {
  return {
    name: 'Items',
    command: 'items',
    stopTimeout: 5,
    maxRestarts: 100,
    remoteFeeder: { ...hosts.remote(feeder), lease: 60, bindTo: feeder },
    params: { folder: scene.folder, itemMs: 10 },
    ...options,
  };
}

function ledgers(scene: Scene, name: string): string {
  const files = scene.disks.flatMap((disk) => disk.read(`${scene.name}/${name}`));
  return files.map(({ text }) => text).join('');
}

/** So many items have been handled by each of these processes (`<id>.<incarnation>`). */
async function handled(scene: Scene, master: Master, process: string, count: number): Promise<void> {
  const good = (): number => ledgers(scene, `consumer-0.${process}`).split(' good ').length - 1;
  await master.until(`${count} items are handled by ${process}`, () => good() >= count);
}

/** The feeder hands out no more; what is out comes to its end, and the master with it. */
async function finish(scene: Scene, master: Master, feeder: string): Promise<FeedVerdict> {
  await scene.host(feeder).run(`touch ${scene.folder}/enough`);
  expect(await master.end()).toBe(0);
  return judgeFeed(scene.disks, scene.name, master.told);
}

describe.concurrent('a feeder on one host with consumers on it, on another and here', () => {
  it(
    'has each item answered exactly once',
    onHosts(hosts, ['alpha', 'beta'], async (scene) => {
      const consumers = {
        local: { host: 'alpha' },
        remote: [{ ...hosts.remote('alpha', 'beta'), lease: 60, host: 'alpha' }],
      };
      const master = scene.master([items(scene, 'alpha', { consumers })]);
      for (const process of ['2.1', '3.1', '4.1']) await handled(scene, master, process, 50);
      const { flaws, items: count, outcomes } = await finish(scene, master, 'alpha');
      expect(flaws).toEqual([]);
      expect(outcomes).toEqual({ done: count });
      const startedOn = master.started().map(({ name, host }) => `${name} ${host}`);
      expect(startedOn.toSorted()).toEqual(['1.1 alpha', '2.1 localhost', '3.1 alpha', '4.1 beta']);
    }),
  );

  it(
    'and a cut of one host for 3 s: the same processes, each item answered once, nothing lost',
    onHosts(hosts, ['gamma', 'delta'], async (scene) => {
      const consumers = { local: { host: 'gamma' }, remote: [{ ...hosts.remote('delta'), lease: 60, host: 'gamma' }] };
      const master = scene.master([items(scene, 'gamma', { consumers })]);
      for (const process of ['2.1', '3.1']) await handled(scene, master, process, 50);
      await scene.host('delta').cut();
      const cutUs = nowUs();
      await master.until('3 s are over', () => nowUs() - cutUs > 3e6);
      await scene.host('delta').restore();
      await handled(scene, master, '3.1', 200);
      const { flaws, items: count, outcomes } = await finish(scene, master, 'gamma');
      expect(flaws).toEqual([]);
      expect(outcomes).toEqual({ done: count });
      expect(master.texts('start')).toHaveLength(3);
    }),
  );

  it(
    'and a cut for longer than the lease: the consumer there ends and is lost, each item answered once, its next life goes on',
    onHosts(hosts, ['epsilon', 'zeta'], async (scene) => {
      const consumers = {
        local: { host: 'epsilon' },
        remote: [{ ...hosts.remote('zeta'), lease: 4, host: 'epsilon' }],
      };
      const master = scene.master([
        items(scene, 'epsilon', { consumers, concurrency: 4, params: { folder: scene.folder, itemMs: 400 } }),
      ]);
      for (const process of ['2.1', '3.1']) await handled(scene, master, process, 20);
      await scene.host('zeta').cut();
      await master.tells('exit', /^3\.1 lost/);
      const isLost = (): boolean => / fail \d+ lost$/m.test(ledgers(scene, 'feeder-*'));
      await master.until('its feeder has given up what it had begun', isLost);
      await scene.host('zeta').restore();
      await master.tells('start', /^3\.(?!1 )/);
      const again = master.started().at(-1)!.name;
      await handled(scene, master, again, 20);
      const { flaws, items: count, outcomes } = await finish(scene, master, 'epsilon');
      expect(flaws).toEqual([]);
      const { done = 0, lost = 0 } = outcomes;
      expect(done + lost).toBe(count);
      // The fault has hit work in flight.
      expect(lost).toBeGreaterThan(0);
    }),
  );

  it(
    'and a host that is frozen for longer than the lease: when it goes on its consumer begins nothing',
    onHosts(hosts, ['kappa', 'lambda'], async (scene) => {
      const consumers = { local: { host: 'kappa' }, remote: [{ ...hosts.remote('lambda'), lease: 4, host: 'kappa' }] };
      const master = scene.master([items(scene, 'kappa', { consumers, concurrency: 4 })]);
      for (const process of ['2.1', '3.1']) await handled(scene, master, process, 50);
      const lambda = scene.host('lambda');
      await lambda.freeze();
      const frozen = ledgers(scene, 'consumer-0.3.1');
      await master.tells('exit', /^3\.1 lost/);
      await lambda.thaw();
      await master.tells('start', /^3\.(?!1 )/);
      await handled(scene, master, master.started().at(-1)!.name, 50);
      const { flaws, items: count, outcomes } = await finish(scene, master, 'kappa');
      expect(flaws).toEqual([]);
      const { done = 0, lost = 0 } = outcomes;
      expect(done + lost).toBe(count);
      const begun = (text: string): number => text.split(' begin ').length - 1;
      expect(begun(ledgers(scene, 'consumer-0.3.1'))).toBe(begun(frozen));
    }),
  );

  it(
    'and kill -9 of the agent with the feeder: each item is answered once, by one feeder or the next',
    onHosts(hosts, ['eta'], async (scene) => {
      const consumers = { local: { host: 'eta' }, remote: [{ ...hosts.remote('eta'), lease: 60 }] };
      const master = scene.master([items(scene, 'eta', { consumers })]);
      for (const process of ['2.1', '3.1']) await handled(scene, master, process, 50);
      killAll(agentsOf(scene.host('eta')));
      await master.tells('exit', /^1\.1 lost/);
      await master.tells('start', /^1\.(?!1 )/);
      await master.tells('start', /^3\.(?!1 )/);
      await handled(scene, master, master.started().findLast(({ name }) => name.startsWith('3.'))!.name, 50);
      const { flaws } = await finish(scene, master, 'eta');
      expect(flaws).toEqual([]);
    }),
  );
});

describe.concurrent('consumers on demand', () => {
  it(
    'are spread over the hosts while there is work',
    onHosts(hosts, ['theta', 'iota'], async (scene) => {
      const onDemand = { minInstances: 0, maxInstances: 2, maxIdleTime: 1 };
      const consumers = { remote: [{ ...hosts.remote('theta', 'iota'), lease: 60, host: 'theta', ...onDemand }] };
      const params = { folder: scene.folder, itemMs: 100 };
      const master = scene.master([items(scene, 'theta', { consumers, params, targetLatency: 0.5 })]);
      await master.until('four consumers were started', () => master.started().length >= 5);
      // In which order they come is for host-choice.spec.ts: here all hosts have the load of one machine, told at different times.
      const [, ...places] = master.started().map(({ host }) => host);
      expect(places.toSorted()).toEqual(['iota', 'iota', 'theta', 'theta']);
      const { flaws, items: count, outcomes } = await finish(scene, master, 'theta');
      expect(flaws).toEqual([]);
      expect(outcomes).toEqual({ done: count });
    }),
  );
});
