import { beforeEach, describe, expect, it } from 'vitest';
import type { GroupOptions } from '@distributed-architecture/core';
import { fixture } from '../support/fleet.js';
import { Hosts, needsNamespaces } from '../support/hosts.js';
import { nowUs, onHosts, programsOf } from './stage/scene.js';

const hosts = await Hosts.shared(['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta']);

beforeEach(needsNamespaces);

/** A group of one process on a host, with one of the misbehaving programs of the core. */
function group(script: string, host: string, options: Partial<GroupOptions>): GroupOptions {
  const remote = [{ ...hosts.remote(host), lease: 60 }];
  return { name: script, command: 'work', console: fixture(`${script}.mjs`), remote, ...options };
}

describe.concurrent('a process on another host', () => {
  it(
    'is killed for its silence, started again, and given up in the end',
    onHosts(hosts, ['alpha'], async (scene) => {
      const silent = group('falls-silent', 'alpha', { timeout: 1 });
      const master = scene.master([silent, scene.beats({ remote: silent.remote })], { maxProcessTimeout: 2 });
      await master.tells('exit', /^1\.2 timeout/);
      expect(master.texts('timedout')).toEqual(['1.1', '1.2']);
      expect(master.texts('line').filter((text) => text.includes('Timeout reached while waiting'))).toHaveLength(2);
      await scene.saysMore(master, scene.lives());
      expect(await master.stop()).toBe(1);
      expect(scene.flaws()).toEqual([]);
    }),
  );

  it(
    'is started again for its memory and for its age',
    onHosts(hosts, ['beta'], async (scene) => {
      const params = { step: 30, pause: 0.2, most: 150 };
      const eater = group('eats-memory', 'beta', { memoryLimit: 150, params });
      const master = scene.master([eater, scene.beats({ remote: eater.remote, maxAge: 2 })]);
      await master.tells('exit', /^1\.1 memory-limit/);
      await master.tells('line', /drained 1$/);
      await master.tells('exit', /^2\.1 max-age 0/);
      await master.tells('start', /^1\.2 /);
      await master.tells('start', /^2\.2 /);
      expect(await master.stop()).toBe(0);
      expect(scene.flaws()).toEqual([]);
    }),
  );

  it(
    'is started after what it depends on, on whatever host, and stopped before it',
    onHosts(hosts, ['gamma', 'delta'], async (scene) => {
      const on = (host: string) => [{ ...hosts.remote(host), lease: 60 }];
      const master = scene.master([
        scene.beats({ name: 'Last', remote: on('gamma'), dependsOn: ['Middle'] }),
        scene.beats({ name: 'Middle', local: {}, dependsOn: ['First'] }),
        scene.beats({ name: 'First', remote: on('delta') }),
      ]);
      await master.tells('line', /said \d+\.1\.1 20 /);
      expect(await master.stop()).toBe(0);
      expect(master.started().map(({ name }) => name)).toEqual(['3.1', '2.1', '1.1']);
      expect(master.texts('exit').map((text) => text.split(' ')[0])).toEqual(['1.1', '2.1', '3.1']);
      expect(scene.flaws()).toEqual([]);
    }),
  );
});

describe.concurrent('a master whose processes are on another host', () => {
  it(
    'and say nothing for its timeout kills them, exit code 1',
    onHosts(hosts, ['epsilon'], async (scene) => {
      const silent = group('falls-silent', 'epsilon', { timeout: 300 });
      const master = scene.master([silent], { timeout: 5 });
      await master.tells('line', /hello from incarnation 1/);
      const begunUs = nowUs();
      expect(await master.end()).toBe(1);
      expect(nowUs() - begunUs).toBeGreaterThan(4e6);
      expect(master.texts('host').join('\n')).toContain('Timeout waiting for content, force kill');
      expect(master.texts('exit')).toHaveLength(1);
    }),
  );

  it(
    'and do not stop has them killed after their stop_timeout, with what they have started',
    onHosts(hosts, ['zeta'], async (scene) => {
      const master = scene.master([group('ignores-stop', 'zeta', { stopTimeout: 1 })]);
      await master.tells('line', /ignoring/);
      expect(programsOf(scene.host('zeta')).filter(({ command }) => command.includes('sleep 1000'))).not.toEqual([]);
      expect(await master.stop()).toBe(0);
      expect(master.texts('line').join('\n')).toContain('Timeout reached while waiting for soft stop...');
      expect(master.texts('exit')).toEqual(['1.1 stop-timeout null SIGKILL']);
    }),
  );
});
