import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { testFolder } from '../control/control-world.spec.helper.js';
import { ManualClock } from '../testing/manual-clock.js';
import { EventJournal } from './event-journal.js';
import type { JournalEvent } from './journal-event.js';
import { readEvents } from './read-events.js';

let folder: string;
let clock: ManualClock;
let logged: string[];

beforeEach(() => {
  folder = testFolder();
  clock = new ManualClock();
  logged = [];
});

function open(epoch = 1, mostBytes?: number): EventJournal {
  const log = (level: string, message: string): unknown => logged.push(`${level} ${message}`);
  return new EventJournal({ folder, epoch, clock, log, ...(mostBytes && { mostBytes }) });
}

function command(name: string): JournalEvent {
  return { type: 'command', command: name, outcome: 'ok' };
}

/** `epoch.seq` of what can be read. */
async function kept(): Promise<string[]> {
  return (await readEvents(folder, { limit: 1_000_000 })).map(({ epoch, seq }) => `${epoch}.${seq}`);
}

const numbers = (epoch: number, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `${epoch}.${from + index}`);

it('keeps events in order, with when and in which run they happened', async () => {
  const journal = open(3);
  journal.add(command('reload'));
  clock.advance(1500);
  journal.add({ type: 'master_stopped', pid: 5, version: '1.0.0' });
  await journal.flush();
  expect(await readEvents(folder)).toEqual([
    { at: '2026-01-01T00:00:00.000Z', epoch: 3, seq: 1, type: 'command', command: 'reload', outcome: 'ok' },
    { at: '2026-01-01T00:00:01.500Z', epoch: 3, seq: 2, type: 'master_stopped', pid: 5, version: '1.0.0' },
  ]);
  expect(statSync(join(folder, 'events.jsonl')).mode & 0o777).toBe(0o600);
});

it('what comes while it writes is written as well', async () => {
  const journal = open();
  journal.add(command('first'));
  for (let turn = 0; turn < 200; turn++) {
    journal.add(command('next'));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await journal.flush();
  expect(await kept()).toEqual(numbers(1, 1, 201));
});

it('goes on where another run has ended, also in the middle of a line', async () => {
  const first = open(1);
  first.add(command('x'));
  await first.flush();
  appendFileSync(join(folder, 'events.jsonl'), '{"at":"2026');
  const second = open(2);
  second.add(command('y'));
  await second.flush();
  expect(await kept()).toEqual(['1.1', '2.1']);
  expect(readFileSync(join(folder, 'events.jsonl'), 'utf8').split('\n')).toHaveLength(4);
});

it('has two files at most, the older of which goes when the newer is full', async () => {
  const journal = open(1, 10_000);
  for (let index = 0; index < 1000; index++) {
    journal.add(command('x'.repeat(100)));
    if (index % 10 === 9) await journal.flush();
  }
  await journal.flush();
  const found = await kept();
  expect(found.at(-1)).toBe('1.1000');
  expect(found).toEqual(numbers(1, 1001 - found.length, 1000));
  expect(statSync(join(folder, 'events.1.jsonl')).size).toBeLessThan(13_000);
  expect(found.length).toBeGreaterThan(50);
});

it('a journal that cannot be written is told of once, tried again, and loses nothing that fits into memory', async () => {
  const away = `${folder}-away`;
  renameSync(folder, away);
  const journal = open();
  journal.add(command('x'));
  await journal.flush();
  journal.add(command('y'));
  await journal.flush();
  expect(logged).toEqual([expect.stringMatching(/^warn The journal of events cannot be written: ENOENT/)]);
  renameSync(away, folder);
  // Not at once: a disk is not tried with each event.
  journal.add(command('z'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(await kept()).toEqual([]);
  clock.advance(1000);
  journal.add(command('z'));
  await journal.flush();
  expect(await kept()).toEqual(numbers(1, 1, 4));
  expect(logged.slice(1)).toEqual(['log The journal of events is written again']);
});

it('what does not fit into memory meanwhile is counted', async () => {
  rmSync(folder, { recursive: true });
  const journal = open();
  for (let index = 0; index < 1200; index++) journal.add(command('x'.repeat(1000)));
  await journal.flush();
  mkdirSync(folder);
  await journal.flush();
  const found = await kept();
  expect(found).toEqual(numbers(1, 1, found.length));
  expect(logged[1]).toBe(`log The journal of events is written again; ${1200 - found.length} events are missing in it`);
});

it('a file that is no journal is read as an empty one', async () => {
  writeFileSync(join(folder, 'events.jsonl'), '\0\0\0{}\n[1]\nnull\n"x"\n{"type":"x"}\n\n');
  expect(await readEvents(folder)).toEqual([]);
  expect(await readEvents(join(folder, 'none'))).toEqual([]);
});

it('reads the latest, by type, group and moment', async () => {
  const journal = open();
  for (let index = 1; index <= 10; index++) {
    journal.add({ ...command('c'), group: index % 2 === 0 ? 'Even' : 'Odd' } as JournalEvent);
    clock.advance(1000);
  }
  journal.add({ type: 'master_stopped', pid: 1, version: '1' });
  await journal.flush();
  const read = async (options: Parameters<typeof readEvents>[1]): Promise<number[]> =>
    (await readEvents(folder, options)).map(({ seq }) => seq);
  expect(await read({ limit: 2 })).toEqual([10, 11]);
  expect(await read({ group: 'Even', limit: 3 })).toEqual([6, 8, 10]);
  expect(await read({ types: ['master_stopped'] })).toEqual([11]);
  expect(await read({ since: new Date('2026-01-01T00:00:08Z') })).toEqual([9, 10, 11]);
});
