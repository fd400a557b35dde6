/*
 * A process that is stopped (SIGSTOP) ends nothing and answers nothing; the kernel of its host goes on. Judged by ledgers
 * that processes keep themselves (stage/lives.ts).
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { Hosts, needsNamespaces } from '../support/hosts.js';
import { outlived } from './stage/lives.js';
import { agentsOf, freezeAll, nowUs, onHosts } from './stage/scene.js';

const hosts = await Hosts.shared(['alpha', 'beta', 'gamma']);

/** For who is killed to be gone, and for a machine that is busy. */
const GRACE_US = 1_500_000;

beforeEach(needsNamespaces);

describe('frozen', () => {
  it.concurrent(
    'an agent: its processes end within the lease by themselves, and start again when it goes on',
    onHosts(hosts, ['alpha'], async (scene) => {
      const remote = [{ ...hosts.remote('alpha'), lease: 4 }];
      const master = scene.master([
        scene.beats({ remote, local: {} }),
        scene.beats({ name: 'Stubborn', remote, params: { stubborn: true } }),
      ]);
      await master.tells('line', /said \S+ 20 /, 3);
      const frozenUs = nowUs();
      freezeAll(agentsOf(scene.host('alpha')));
      await master.tells('exit', /^2\.1 lost/);
      await master.tells('exit', /^3\.1 lost/);
      const there = scene.lives().filter(({ host }) => host === 'alpha');
      expect(outlived(there, frozenUs + 4e6 + GRACE_US)).toEqual([]);
      await scene.host('alpha').thaw();
      await master.tells('line', /said \d+\.2\.(?!1 )\d+ 20 /);
      await master.tells('line', /said \d+\.3\.(?!1 )\d+ 20 /);
      await master.signal('TERM');
      await master.end();
      expect(scene.flaws({ complete: false })).toEqual([]);
      expect(scene.lives()).toHaveLength(5);
    }),
  );

  it.concurrent(
    'a whole host for longer than its lease: when it goes on nothing is begun there, and all ends before it starts again',
    onHosts(hosts, ['beta'], async (scene) => {
      const remote = [{ ...hosts.remote('beta'), instancesCount: 2, lease: 4 }];
      const master = scene.master([scene.beats({ remote, local: {} })]);
      await master.tells('line', /said \S+ 20 /, 3);
      await scene.host('beta').freeze();
      const frozen = scene.lives();
      await master.tells('exit', /^2\.1 lost/);
      await master.tells('exit', /^3\.1 lost/);
      await scene.host('beta').thaw();
      await master.tells('line', /said \d+\.2\.(?!1 )\d+ 20 /);
      await master.tells('line', /said \d+\.3\.(?!1 )\d+ 20 /);
      expect(await master.stop()).toBe(0);
      expect(scene.flaws({ complete: false })).toEqual([]);
      const saidWhenFrozen = (name: string): number | undefined => frozen.find((life) => life.name === name)?.said;
      const first = scene.lives().filter(({ host, name }) => host === 'beta' && saidWhenFrozen(name) !== undefined);
      expect(first.map(({ said }) => said)).toEqual(first.map(({ name }) => saidWhenFrozen(name)));
    }),
  );

  it.concurrent(
    'a whole host for less than half of its lease: it goes on with the same processes, each line once',
    onHosts(hosts, ['gamma'], async (scene) => {
      const remote = [{ ...hosts.remote('gamma'), instancesCount: 2, lease: 60 }];
      const master = scene.master([scene.beats({ remote })]);
      await master.tells('line', /said \S+ 20 /, 2);
      await scene.host('gamma').freeze();
      await master.tells('host', /^gamma warn \| Connection to host lost/);
      await scene.host('gamma').thaw();
      await master.tells('host', /^gamma log \| Connected to host/, 2);
      await scene.saysMore(master, scene.lives());
      expect(await master.stop()).toBe(0);
      expect(scene.flaws()).toEqual([]);
      expect(scene.lives()).toHaveLength(2);
    }),
  );
});
