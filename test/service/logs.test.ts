import { execFileSync } from 'node:child_process';
import { chownSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixture } from '../support/fleet.js';
import { eventually } from '../support/processes.js';
import { freeBytes, tinyDisk } from '../support/tiny-disk.js';
import { Service } from './stage/service.js';
import { WHO } from './stage/world.js';

const LINES = 100_000;
const ROTATIONS = 5;
const DISK = 600_000;

/** Says so many numbers, as fast as it can. */
function counting(lines: number): object {
  return { command: 'work', console: fixture('counts.mjs'), params: { lines, padding: 20 }, local: {} };
}

function numbersIn(texts: readonly string[]): number[] {
  return texts.flatMap((text) => [...text.matchAll(/\] (\d+) x{20}$/gmu)].map(([, number]) => Number(number)));
}

describe.each(WHO)('the log of a service of %s', (_who, uid) => {
  it(`has each of ${LINES} lines once, in order, also when it is rotated in the midst of them`, async () => {
    const service = await Service.make(uid);
    const { host } = service;
    await service.configure({ Stays: service.workers(1) });
    const rotates = rotation(service, await service.start(), uid);
    await service.configure({ Stays: service.workers(1), Counts: counting(LINES) });
    const counted = service.client.reload({ configOnly: true });
    await host.says('] 100 xxx');
    for (let rotation = 1; rotation <= ROTATIONS; rotation++) {
      rotates();
      await host.appears('var/my-app.log');
    }
    await counted;
    await eventually('it has counted', () => numbersIn(logsOf(service)).at(-1) === LINES - 1);
    await service.stop();
    expect(logsOf(service)).toHaveLength(ROTATIONS + 1);
    const parts = logsOf(service).map((text) => numbersIn([text]));
    expect(parts.filter(({ length }) => length > 0).length).toBeGreaterThan(1);
    const numbers = parts.flat();
    const wrong = numbers.findIndex((number, index) => number !== index);
    expect(wrong === -1 ? 'in order' : `${numbers[wrong]} at place ${wrong}`).toBe('in order');
    expect(numbers).toHaveLength(LINES);
  });

  it.runIf(process.getuid?.() === 0)(
    'on a full disk: all goes on, the loss is told, and so does the log when there is room',
    async () => {
      const disk = await tinyDisk(DISK);
      const ballast = join(disk, 'ballast');
      writeFileSync(ballast, Buffer.alloc(DISK / 2));
      if (uid !== undefined) chownSync(disk, uid, uid);
      const service = await Service.make(uid);
      await service.configure({ Counts: counting(1e9), Stays: service.workers(1) }, { log: { path: disk } });
      const pid = await service.start();
      await eventually('the disk is full', () => freeBytes(disk) === 0);
      const { client } = service;
      // Whoever asks is heard, and what is asked for happens.
      expect(await client.reload({ group: 'Stays' })).toEqual({ completed: true, replaced: 1, left: 0 });
      await client.suspend('Counts', { force: true });
      writeFileSync(ballast, '');
      await client.resume('Counts');
      const log = (): string => readFileSync(join(disk, 'my-app.log'), 'utf8');
      await eventually('it goes on', () => / lines were lost: the log could not be written \(ENOSPC/u.test(log()));
      expect(service.host.pid).toBe(pid);
      await service.stop();
    },
  );
});

/** The oldest first. */
function logsOf({ host }: Service): string[] {
  const names = readdirSync(host.path('var')).filter((name) => name.startsWith('my-app.log'));
  return names
    .toSorted()
    .reverse()
    .map((name) => host.read(`var/${name}`));
}

function rotation({ host }: Service, pid: number, uid: number | undefined): () => void {
  const log = host.path('var/my-app.log');
  const config = host.path('rotate/logrotate.conf');
  const su = uid === undefined ? 'root root' : 'nobody nogroup';
  const script = ` postrotate\n  kill -HUP ${pid}\n endscript`;
  writeFileSync(config, `"${log}" {\n rotate 100\n su ${su}\n nocreate\n${script}\n}\n`, { mode: 0o644 });
  const state = host.path('rotate/state');
  return () => void execFileSync('logrotate', ['--force', '--state', state, config], { stdio: 'pipe' });
}
