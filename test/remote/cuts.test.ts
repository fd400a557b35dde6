/*
 * Judged by ledgers that all processes keep themselves (stage/lives.ts). `sabotage.test.ts` shows that the judge sees a
 * lease that does not end.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { Hosts, needsNamespaces } from '../support/hosts.js';
import { outlived } from './stage/lives.js';
import { nowUs, onHosts } from './stage/scene.js';

const hosts = await Hosts.shared(['alpha', 'beta', 'gamma', 'delta', 'epsilon']);

/** Of hosts that are cut for longer. */
const LEASE_US = 4e6;

/** For who is killed to be gone, and for a machine that is busy. */
const GRACE_US = 1_500_000;

beforeEach(needsNamespaces);

describe('a link that is cut', () => {
  it.concurrent(
    'for 3 s changes nothing: the same processes, each line once',
    onHosts(hosts, ['alpha'], async (scene) => {
      const remote = [{ ...hosts.remote('alpha'), instancesCount: 2, lease: 60 }];
      const master = scene.master([scene.beats({ remote })]);
      await master.tells('line', /said \S+ 20 /, 2);
      const heard = await scene.isCutFor('alpha', 3);
      await scene.saysMore(master, heard);
      expect(await master.stop()).toBe(0);
      expect(scene.flaws()).toEqual([]);
      expect(scene.lives().map(({ ended }) => ended)).toEqual([true, true]);
    }),
  );

  it.concurrent(
    'until its connection is given up changes nothing, either: a new connection finds the same processes',
    onHosts(hosts, ['beta'], async (scene) => {
      const remote = [{ ...hosts.remote('beta'), instancesCount: 2, lease: 60 }];
      const master = scene.master([scene.beats({ remote })]);
      await master.tells('line', /said \S+ 20 /, 2);
      await scene.host('beta').cut();
      await master.tells('host', /^beta warn \| Connection to host lost: nothing was heard for 4.5 s/);
      const heard = scene.lives();
      await scene.host('beta').restore();
      await master.tells('host', /^beta log \| Connected to host/, 2);
      await scene.saysMore(master, heard);
      expect(await master.stop()).toBe(0);
      expect(scene.flaws()).toEqual([]);
      expect(scene.lives().map(({ ended }) => ended)).toEqual([true, true]);
    }),
  );

  it.concurrent(
    'for twice the lease: all there ends within the lease, also what does not stop, is lost and starts again',
    onHosts(hosts, ['gamma'], async (scene) => {
      const remote = [{ ...hosts.remote('gamma'), lease: 4 }];
      const master = scene.master([
        scene.beats({ remote, local: {} }),
        scene.beats({ name: 'Stubborn', remote, params: { stubborn: true } }),
      ]);
      await master.tells('line', /said \S+ 20 /, 3);
      const cutUs = nowUs();
      await scene.isCutFor('gamma', 8);
      await master.tells('exit', /^3\.\d+ lost/);
      await master.tells('line', /said \d+\.2\.(?!1 )\d+ 20 /);
      await master.tells('line', /said \d+\.3\.(?!1 )\d+ 20 /);
      const remoteLives = scene.lives().filter(({ host }) => host === 'gamma');
      expect(outlived(remoteLives, cutUs + LEASE_US + GRACE_US)).toEqual([]);
      // The last one of each; a machine that is very busy may have had others.
      const first = remoteLives.filter(({ beginUs }) => beginUs < cutUs);
      expect(new Map(first.map(({ id, ended }) => [id, ended]))).toEqual(
        new Map([
          [2, true],
          [3, false],
        ]),
      );
      await master.signal('TERM');
      await master.end();
      expect(scene.flaws({ complete: false })).toEqual([]);
    }),
  );

  it.concurrent(
    'for ever harms nobody else: the rest runs on, the master stops in time, nothing outlives the lease there',
    onHosts(hosts, ['delta', 'epsilon'], async (scene) => {
      const remote = [
        { ...hosts.remote('delta'), lease: 4 },
        { ...hosts.remote('epsilon'), lease: 60 },
      ];
      const master = scene.master([scene.beats({ remote, local: {} })]);
      await master.tells('line', /said \S+ 20 /, 3);
      const cutUs = nowUs();
      await scene.host('delta').cut();
      await master.tells('exit', /^2\.1 lost/);
      const heard = scene.lives().filter(({ host }) => host !== 'delta');
      await scene.saysMore(master, heard);
      const stopUs = nowUs();
      expect(await master.stop()).toBe(0);
      expect(nowUs() - stopUs).toBeLessThan(10e6);
      expect(
        outlived(
          scene.lives().filter(({ host }) => host === 'delta'),
          cutUs + LEASE_US + GRACE_US,
        ),
      ).toEqual([]);
      await scene.isEmpty();
      expect(scene.flaws({ complete: false })).toEqual([]);
    }),
  );
});
