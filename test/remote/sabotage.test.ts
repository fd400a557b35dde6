/*
 * Shows that the judge of the other tests of this folder sees what it is there for.
 */
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { Hosts, needsNamespaces } from '../support/hosts.js';
import { lineFlaws, outlived, overlaps, type Life } from './stage/lives.js';
import { nowUs, onHosts } from './stage/scene.js';
import type { ToldLine } from './stage/told.js';

const hosts = await Hosts.shared(['alpha', 'beta', 'gamma']);

/** Whose processes wait for no lease. */
const WITHOUT_LEASE = join(import.meta.dirname, 'fixtures/node-without-lease.sh');

const LEASE_US = 2e6;

beforeEach(needsNamespaces);

describe('the judge', () => {
  it.concurrent(
    'sees processes that outlive their lease',
    onHosts(hosts, ['alpha'], async (scene) => {
      const remote = [{ ...hosts.remote('alpha'), lease: LEASE_US / 1e6, binPath: WITHOUT_LEASE }];
      const master = scene.master([scene.beats({ remote })]);
      await master.tells('line', /said \S+ 20 /);
      const cutUs = nowUs();
      await scene.isCutFor('alpha', 5);
      expect(outlived(scene.lives(), cutUs + LEASE_US + 1.5e6)).toHaveLength(1);
      await master.tells('host', /Connected to host/, 2);
      await master.stop();
    }),
  );

  it.concurrent(
    'sees a number that lives twice: masters that call a host differently have different agents there',
    onHosts(hosts, ['beta', 'gamma'], async (scene) => {
      const ssh = { privateKey: hosts.key.file, knownHosts: hosts.knownHostsFile, lease: 4 };
      const first = scene.master([scene.beats({ remote: [{ hosts: ['beta'], ...ssh }] })]);
      await first.tells('line', /said \S+ 20 /);
      const second = scene.master([scene.beats({ remote: [{ hosts: ['beta:22'], ...ssh }] })], {}, scene.host('gamma'));
      await second.tells('line', /said \S+ 20 /);
      await Promise.all([first.stop(), second.stop()]);
      expect(scene.flaws()).toEqual([expect.stringMatching(/^1 lives twice: /)]);
    }),
  );
});

describe('of lines the judge', () => {
  const life: Life = {
    ...{ name: '1.1.1', id: 1, pid: 7, host: 'alpha' },
    ...{ beginUs: 10, lastUs: 20, said: 2, ended: true },
  };
  const said = (...numbers: number[]): ToldLine[] =>
    numbers
      .map((number) => `1.1.1 ${number}`)
      .map((words) => ({ us: 15, what: 'line', text: `beats/1/1 | said ${words} ${crc32(words)}` }));

  it('has nothing to say when all is well', () => {
    expect(lineFlaws([life], said(1, 2))).toEqual([]);
    expect(overlaps([life, { ...life, name: '1.1.2', beginUs: 21 }])).toEqual([]);
  });

  it('sees one that is lost, doubled, late or changed, and an incarnation with two processes', () => {
    expect(lineFlaws([life], said(1))).toEqual([expect.stringMatching(/^1 lines lost of 1\.1\.1/)]);
    expect(lineFlaws([life], said(1, 2, 2))).toContain('1.1.1: 2 comes after 2');
    expect(lineFlaws([life], said(2, 1))).toContain('1.1.1: 1 comes after 2');
    const [first] = said(1);
    expect(lineFlaws([{ ...life, said: 1 }], [{ ...first!, text: `${first!.text}0` }])).toHaveLength(1);
    expect(overlaps([life, { ...life, pid: 8, beginUs: 21 }])).toEqual([
      expect.stringMatching(/^one incarnation twice/),
    ]);
  });
});
