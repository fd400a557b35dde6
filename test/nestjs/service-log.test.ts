import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/processes.js';
import { freeBytes, tinyDisk } from '../support/tiny-disk.js';
import { groups, ServiceHost } from './harness/service.js';

/** Counts as fast as it can, for some thousand lines a turn. */
const COUNTS = groups({ Counts: 'app:counts' });

const host = (yaml: object = COUNTS, folder?: string) =>
  ServiceHost.make(yaml, { main: 'service-log-main', ...(folder !== undefined && { folder }) });

/** The numbers that were counted, in the files of a folder, the oldest first. */
function numbersIn(texts: readonly string[]): number[] {
  return texts.flatMap((text) => [...text.matchAll(/ number (\d+)$/gmu)].map(([, number]) => Number(number)));
}

/** Each number once, in order, from 1 on. */
function expectWhole(numbers: readonly number[]): void {
  const wrong = numbers.findIndex((number, index) => number !== index + 1);
  expect(wrong === -1 ? 'whole' : `${numbers[wrong]} at place ${wrong + 1}`).toBe('whole');
  expect(numbers.length).toBeGreaterThan(1000);
}

function rotate(folder: string, log: string, how: string): void {
  const config = join(folder, 'logrotate.conf');
  writeFileSync(config, `"${log}" {\n rotate 100\n su root root\n${how}\n}\n`, { mode: 0o644 });
  execFileSync('logrotate', ['--force', '--state', join(folder, 'state'), config], { stdio: 'pipe' });
}

describe('logrotate', () => {
  it.runIf(process.getuid?.() === 0)('that renames and sends SIGHUP loses no line', async () => {
    const { folder, ...rest } = await renamed(3);
    expect(rest.files).toEqual(['my-app.log', 'my-app.log.1', 'my-app.log.2', 'my-app.log.3']);
    expectWhole(numbersIn([...rest.files].reverse().map((name) => readFileSync(join(folder, 'var', name), 'utf8'))));
  });

  it.runIf(process.getuid?.() === 0)('that copies and truncates finds the service at the new end', async () => {
    const service = await host();
    await service.start();
    await service.says('number 1000\n');
    rotate(service.folder, service.path('var/my-app.log'), ' copytruncate');
    const first = numbersIn([service.read('var/my-app.log.1')]);
    await eventually('it goes on', () => numbersIn([service.read()]).length > 1000);
    await service.runMaster('--stop');
    // No zero bytes before the new lines: it appends.
    expect(service.read()).not.toContain('\0');
    const second = numbersIn([service.read()]);
    // What is written between the copy and the truncation is lost by the nature of it.
    expect(second[0]).toBeGreaterThan(first.at(-1)!);
    expect(second.at(-1)! - second[0]!).toBe(second.length - 1);
  });

  async function renamed(times: number) {
    const service = await host();
    await service.start();
    const pid = service.pid;
    for (let time = 1; time <= times; time++) {
      await eventually('some lines', () => numbersIn([service.read()]).length > 1000);
      rotate(service.folder, service.path('var/my-app.log'), ` nocreate\n postrotate\n  kill -HUP ${pid}\n endscript`);
      await service.appears('var/my-app.log');
    }
    await service.runMaster('--stop');
    return { folder: service.folder, files: logs(service) };
  }
});

function logs(service: ServiceHost): string[] {
  return readdirSync(service.path('var'))
    .filter((name) => name.startsWith('my-app.log'))
    .toSorted();
}

describe('the log of a service', () => {
  it('is rotated by size by itself, loses no line, and keeps so many files', async () => {
    const service = await host({ ...COUNTS, log: { max_size: 1, max_files: 50 } });
    await service.start();
    await eventually('three files', () => logs(service).length > 3);
    await service.runMaster('--stop');
    const older = logs(service)
      .filter((name) => name !== 'my-app.log')
      .toSorted((a, b) => Number(a.split('.').at(-1)) - Number(b.split('.').at(-1)));
    expect(older[0]).toMatch(/^my-app\.log\.\d{4}-\d\d-\d\d\.1$/u);
    expectWhole(numbersIn([...older, 'my-app.log'].map((name) => service.read(`var/${name}`))));
  });

  it('takes what the master itself prints, also behind a rotation', async () => {
    const service = await host(groups({ Loops: 'app:loop' }));
    const pid = await service.start();
    await service.says('the master printed this');
    renameSync(service.path('var/my-app.log'), service.path('var/old.log'));
    process.kill(pid, 'SIGHUP');
    await service.appears('var/my-app.log');
    await service.says('the master printed this');
    expect(service.read('var/old.log')).toContain('the master printed this');
  });

  it('is JSON where that is wanted, at the level that is wanted', async () => {
    const service = await host(groups({ Says: 'app:say' }));
    await service.start('--log-format', 'json', '--log-level', 'warn', '--log', 'x.json');
    await service.says('logged error', 'x.json');
    const records = service
      .read('x.json')
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const said = records.filter(({ group }) => group === 'Says');
    expect(said[0]).toMatchObject({
      level: 'warn',
      host: 'localhost',
      process: 'app:say/1/1',
      id: 1,
      context: 'SayContext',
    });
    expect(said.map(({ level }) => level)).toEqual(['warn', 'error']);
  });

  it('on a full disk drops lines, says so, and goes on when there is room', async () => {
    const folder = await tinyDisk(1_000_000);
    const service = await host({ ...COUNTS, log: { path: folder } });
    const ballast = join(folder, 'ballast');
    writeFileSync(ballast, Buffer.alloc(700_000));
    const pid = await service.start('--pid', service.path('var/my-app.pid'));
    const log = (): string => readFileSync(join(folder, 'my-app.log'), 'utf8');
    // For so many looks, that lines were lost meanwhile.
    let looks = 0;
    await eventually('the disk is full', () => (looks = freeBytes(folder) === 0 ? looks + 1 : 0) > 50);
    writeFileSync(ballast, '');
    await eventually('it goes on', () => / lines were lost: the log could not be written \(ENOSPC/u.test(log()));
    expect(service.pid).toBe(pid);
    process.kill(pid, 'SIGTERM');
    await service.ends(pid);
    const text = log();
    const [, lost] = / (\d+) lines were lost/u.exec(text) ?? [];
    expect(Number(lost)).toBeGreaterThan(0);
    // Whole lines, but the one that the full disk has cut off.
    const torn = text
      .split('\n')
      .filter((line) => !/^(?:\d{4}-\d\d-\d\dT\S+ \w+ \[.*|the master printed this|)$/u.test(line));
    expect(torn.length).toBeLessThanOrEqual(1);
  });
});
