import { beforeEach, describe, expect, it } from 'vitest';
import { Hosts, needsNamespaces } from '../support/hosts.js';
import { nowUs, onHosts } from './stage/scene.js';

const names = Array.from({ length: 20 }, (_, index) => `host-${index + 1}`);
const hosts = await Hosts.shared(names);

beforeEach(needsNamespaces);

describe('twenty hosts with three processes each', () => {
  it(
    'all start; one that is cut off disturbs no other; all stop within seconds',
    onHosts(hosts, names, async (scene) => {
      const remote = [{ ...hosts.remote(...names), instancesCount: 3, lease: 60 }];
      const master = scene.master([scene.beats({ remote, params: { beat: 0.2 } })], { timeout: 60 });
      await master.tells('line', /said \d+\.\d+\.1 1 /, 60);
      await scene.host('host-7').cut();
      await master.tells('host', /^host-7 warn \| Connection to host lost/);
      const others = scene.lives().filter(({ host }) => host !== 'host-7');
      expect(others).toHaveLength(57);
      await scene.saysMore(master, others);
      expect(master.texts('exit')).toEqual([]);
      await scene.host('host-7').restore();
      await master.tells('host', /^host-7 log \| Connected to host/, 2);
      const stopUs = nowUs();
      expect(await master.stop()).toBe(0);
      expect(nowUs() - stopUs).toBeLessThan(10e6);
      expect(master.texts('host').filter((text) => text.includes('Connected'))).toHaveLength(21);
      expect(scene.flaws()).toEqual([]);
      expect(scene.lives()).toHaveLength(60);
    }),
  );
});
