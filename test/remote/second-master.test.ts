import { beforeEach, describe, expect, it } from 'vitest';
import { Hosts, needsNamespaces } from '../support/hosts.js';
import { onHosts } from './stage/scene.js';

const hosts = await Hosts.shared(['alpha', 'beta', 'gamma']);

/** From any host: only the host `master` has a key at its place. */
const ssh = { privateKey: hosts.key.file, knownHosts: hosts.knownHostsFile, lease: 8 };

beforeEach(needsNamespaces);

describe('a second master of a fleet', () => {
  it.concurrent(
    'on the same machine is refused, exit code 75, and the first one goes on as before',
    onHosts(hosts, ['alpha'], async (scene) => {
      const groups = [scene.beats({ remote: [{ hosts: ['alpha'], ...ssh }] })];
      const first = scene.master(groups);
      await first.tells('line', /said \S+ 20 /);
      const second = scene.master(groups);
      expect(await second.end()).toBe(75);
      await second.tells('error', /^FLEET_RUNNING /);
      await scene.saysMore(first, scene.lives());
      expect(await first.stop()).toBe(0);
      expect(scene.flaws()).toEqual([]);
      expect(scene.lives()).toHaveLength(1);
    }),
  );

  it.concurrent(
    'on another machine takes over when the processes before have ended; the first one waits, and gets them back after it',
    onHosts(hosts, ['beta', 'gamma'], async (scene) => {
      const groups = [scene.beats({ remote: [{ hosts: ['beta'], instancesCount: 2, ...ssh }] })];
      const first = scene.master(groups);
      await first.tells('line', /said \S+ 20 /, 2);
      const second = scene.master(groups, {}, scene.host('gamma'));
      await second.tells('line', /said \S+ 20 /, 2);
      await first.tells('exit', /^1\.1 lost/);
      await first.tells('exit', /^2\.1 lost/);
      await first.tells('host', /the agent refused \(epoch\): A later run of the fleet has taken over/);
      const taken = scene.lives();
      expect(taken.map(({ ended }) => ended)).toEqual([true, true, false, false]);
      expect(await second.stop()).toBe(0);
      await first.tells('line', /said \d+\.1\.(?!1 )\d+ 20 /);
      await first.tells('line', /said \d+\.2\.(?!1 )\d+ 20 /);
      expect(await first.stop()).toBe(0);
      expect(scene.flaws({ complete: false })).toEqual([]);
      expect(scene.lives()).toHaveLength(6);
    }),
  );
});
