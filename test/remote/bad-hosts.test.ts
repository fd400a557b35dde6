import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../support/fleet.js';
import { Hosts, needsNamespaces } from '../support/hosts.js';
import { nowUs, onHosts } from './stage/scene.js';

const hosts = await Hosts.shared(['alpha', 'beta', 'gamma', 'delta'], { disk: 16 * 1024 * 1024 });

/** Until nothing more goes in. */
const FILL = 'cat /dev/zero >> /tmp/fill 2>/dev/null; cat /dev/zero >> /run/fill 2>/dev/null';

beforeEach(needsNamespaces);

describe.concurrent('a link that is slow and lossy', () => {
  it(
    'carries all lines, nobody times out, nothing is lost',
    onHosts(hosts, ['alpha'], async (scene) => {
      await scene.host('alpha').slow({ delay: 100, loss: 2 });
      const remote = [{ ...hosts.remote('alpha'), instancesCount: 2, lease: 10, timeout: 2 }];
      const master = scene.master([scene.beats({ remote })]);
      await master.tells('line', /said \S+ 1 /, 2);
      const begunUs = nowUs();
      await master.until('it has worked for a while', () => nowUs() - begunUs > 6e6);
      await scene.saysMore(master, scene.lives());
      expect(await master.stop()).toBe(0);
      expect(master.texts('timedout')).toEqual([]);
      expect(master.texts('host').filter((text) => / (warn|error) /.test(text))).toEqual([]);
      expect(scene.flaws()).toEqual([]);
      expect(scene.lives()).toHaveLength(2);
    }),
  );
});

describe.concurrent('a host whose disk is full', () => {
  it(
    'is told as such, the others run; when there is room it begins',
    onHosts(hosts, ['beta', 'gamma'], async (scene) => {
      await scene.host('beta').run(FILL);
      const master = scene.master([scene.beats({ remote: [{ ...hosts.remote('beta', 'gamma'), lease: 20 }] })]);
      const { text } = await master.tells('host', /^beta error/);
      expect(text).toMatch(/^beta error \| SSH connection failed: .*ENOSPC/);
      await master.tells('line', /said \d+\.2\.1 20 /);
      await scene.host('beta').run('rm /tmp/fill /run/fill');
      await master.tells('line', /said \d+\.1\.1 20 /);
      expect(await master.stop()).toBe(0);
      expect(scene.flaws()).toEqual([]);
    }),
  );

  it(
    'while it works: what runs there runs on, what ends there is started again when there is room',
    onHosts(hosts, ['delta'], async (scene) => {
      const remote = [{ ...hosts.remote('delta'), lease: 4 }];
      const settings = { remote, restart: 'always', maxRestarts: 100, restartDelay: 0.1 } as const;
      const master = scene.master([
        scene.beats(settings),
        { name: 'Turns', command: 'work', console: fixture('turns.mjs'), ...settings },
      ]);
      await master.tells('line', /said \S+ 20 /);
      await master.tells('line', /turn$/, 20);
      const delta = scene.host('delta');
      // Whatever becomes free is taken at once.
      const filling = delta.run(`while [ ! -e /tmp/enough ]; do ${FILL}; done; rm /tmp/enough`);
      const begunUs = nowUs();
      const [there] = scene.lives();
      await delta.run(`kill -9 ${there!.pid}`);
      await master.tells('exit', /^1\.\d+ spawn-failed/);
      await master.tells('line', /beats\/1\/1 \| Could not be started: .*ENOSPC: no space left on device/);
      await master.until('more than the lease is over', () => nowUs() - begunUs > 6e6);
      await delta.run('touch /tmp/enough');
      await filling;
      await delta.run('rm /tmp/fill /run/fill');
      await master.tells('line', /said \d+\.1\.(?!1 )\d+ 20 /);
      expect(await master.stop()).toBe(0);
      expect(master.texts('exit').filter((text) => text.startsWith('2.'))).toEqual(['2.1 stopped 0 null']);
      expect(master.texts('host').filter((text) => / (warn|error) /.test(text))).toEqual([]);
      expect(scene.flaws({ complete: false })).toEqual([]);
    }),
  );
});
