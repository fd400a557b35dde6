/*
 * Each kill hits processes that are at work; judged by ledgers that they keep themselves (stage/lives.ts).
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { Hosts, needsNamespaces } from '../support/hosts.js';
import { outlived } from './stage/lives.js';
import { agentsOf, killAll, nowUs, onHosts, relaysOf, type Scene } from './stage/scene.js';
import type { Master } from './stage/master.js';

const hosts = await Hosts.shared(['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta']);

/** For who is killed to be gone, and for a machine that is busy. */
const GRACE_US = 1_500_000;

beforeEach(needsNamespaces);

/** A master with a process here and two on the host, all at work. */
async function atWork(scene: Scene, host: string, lease: number): Promise<Master> {
  const remote = [{ ...hosts.remote(host), instancesCount: 2, lease }];
  const master = scene.master([scene.beats({ remote, local: {} })]);
  await master.tells('line', /said \S+ 20 /, 3);
  return master;
}

describe('kill -9', () => {
  it.concurrent(
    'of sshd with all of its processes: another connection finds the same processes, each line once',
    onHosts(hosts, ['alpha'], async (scene) => {
      const master = await atWork(scene, 'alpha', 60);
      await scene.host('alpha').killSshd();
      await master.tells('host', /^alpha warn \| Connection to host lost/);
      await master.tells('host', /^alpha error \| SSH connection failed: .*refused/i);
      const before = scene.lives();
      await scene.host('alpha').startSshd();
      await master.tells('host', /^alpha log \| Connected to host/, 2);
      await scene.saysMore(master, before);
      expect(await master.stop()).toBe(0);
      expect(scene.flaws()).toEqual([]);
      expect(scene.lives()).toHaveLength(3);
    }),
  );

  it.concurrent(
    'of the relay: another one finds the same processes, each line once',
    onHosts(hosts, ['beta'], async (scene) => {
      const master = await atWork(scene, 'beta', 60);
      const [relay, ...others] = relaysOf(scene.host('beta'));
      expect(others).toEqual([]);
      killAll([relay!]);
      await master.tells('host', /^beta log \| Connected to host/, 2);
      await scene.saysMore(master, scene.lives());
      expect(await master.stop()).toBe(0);
      expect(scene.flaws()).toEqual([]);
      expect(scene.lives()).toHaveLength(3);
    }),
  );

  it.concurrent(
    'of the agent: all that it ran ends before it starts again under the next',
    onHosts(hosts, ['gamma'], async (scene) => {
      const master = await atWork(scene, 'gamma', 20);
      const [agent, ...others] = agentsOf(scene.host('gamma'));
      expect(others).toEqual([]);
      killAll([agent!]);
      await master.tells('line', /said \d+\.2\.(?!1 )\d+ 20 /);
      await master.tells('line', /said \d+\.3\.(?!1 )\d+ 20 /);
      expect(master.texts('exit')).toEqual(['2.1 lost null null', '3.1 lost null null']);
      expect(await master.stop()).toBe(0);
      expect(scene.flaws({ complete: false })).toEqual([]);
      expect(scene.lives()).toHaveLength(5);
    }),
  );

  it.concurrent(
    'of the master: its local processes end at once, those of the host within the lease, and the next one starts all',
    onHosts(hosts, ['delta'], async (scene) => {
      const master = await atWork(scene, 'delta', 4);
      const killedUs = nowUs();
      await master.signal('KILL');
      await scene.isEmpty();
      expect(outlived(scene.lives(), killedUs + 4e6 + GRACE_US)).toEqual([]);
      const next = await atWork(scene, 'delta', 4);
      expect(await next.stop()).toBe(0);
      expect(scene.flaws({ complete: false })).toEqual([]);
      expect(scene.lives()).toHaveLength(6);
    }),
  );

  it.concurrent(
    'of the master, whose next one comes at once: the agent takes it when the processes before have ended',
    onHosts(hosts, ['epsilon'], async (scene) => {
      const master = await atWork(scene, 'epsilon', 20);
      await master.signal('KILL');
      const next = await atWork(scene, 'epsilon', 20);
      expect(await next.stop()).toBe(0);
      expect(scene.flaws({ complete: false })).toEqual([]);
      expect(scene.lives()).toHaveLength(6);
    }),
  );
});

describe('a host whose power is cut', () => {
  it.concurrent(
    'is lost; switched on again it gets its processes back, and nobody else has noticed',
    onHosts(hosts, ['zeta'], async (scene) => {
      const master = await atWork(scene, 'zeta', 4);
      await scene.host('zeta').kill();
      await master.tells('exit', /^2\.1 lost/);
      await master.tells('exit', /^3\.1 lost/);
      await scene.host('zeta').boot();
      scene.mounted('zeta');
      await master.tells('line', /said \d+\.2\.(?!1 )\d+ 20 /);
      await master.tells('line', /said \d+\.3\.(?!1 )\d+ 20 /);
      expect(await master.stop()).toBe(0);
      expect(scene.flaws({ complete: false })).toEqual([]);
      expect(scene.lives().filter(({ host }) => host === 'zeta')).toHaveLength(4);
    }),
  );
});
