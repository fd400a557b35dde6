import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ControlClient, controlSocket, readEvents, type JournalEntry } from '@distributed-architecture/core';
import { expect, it } from 'vitest';
import type { RunningProgram } from '../setup/running-program.js';
import { temporaryFolder } from '../setup/temporary-folder.js';
import { program, slave } from '../support/fleet.js';
import { startMaster } from '../support/masters.js';
import { eventually } from '../support/processes.js';
import { freeBytes, tinyDisk } from '../support/tiny-disk.js';

const NAME = 'journal';

function fleetFolder(runtime: string): string {
  return join(runtime, `distributed-architecture-${process.getuid!()}`, NAME);
}

async function stop(master: RunningProgram): Promise<void> {
  master.send('SIGTERM', 'alone');
  await master.end;
}

/** The runs of a journal, each with the numbers of its events. */
function runs(entries: readonly JournalEntry[]): number[][] {
  const byEpoch = Map.groupBy(entries, ({ epoch }) => epoch);
  return [...byEpoch].toSorted(([a], [b]) => a - b).map(([, events]) => events.map(({ seq }) => seq));
}

it('masters that are killed while they write: what they wrote is whole, in order, and the next one goes on', async () => {
  const runtime = await temporaryFolder();
  const folder = fleetFolder(runtime);
  const group = program('true', { restart: 'always', restartDelay: 0, maxRestarts: 1e6, local: { instancesCount: 3 } });
  const masters = 4;
  for (let round = 1; round <= masters; round++) {
    const master = startMaster([group], { name: NAME }, { XDG_RUNTIME_DIR: runtime });
    const size = () =>
      existsSync(join(folder, 'events.jsonl')) ? readFileSync(join(folder, 'events.jsonl')).length : 0;
    const before = size();
    await eventually('it writes', () => size() > before + 20_000);
    master.send('SIGKILL', 'alone');
    await master.end;
    // What a crash of the machine would leave.
    if (round === 2) appendFileSync(join(folder, 'events.jsonl'), '{"at":"2026-01-01T0');
  }
  const found = runs(await readEvents(folder, { limit: 1_000_000 }));
  expect(found).toHaveLength(masters);
  for (const seqs of found) expect(seqs).toEqual(seqs.map((_, index) => index + 1));
});

it('a disk that is full: the fleet runs on, it is said once, and nothing is missing when there is room again', async () => {
  const runtime = await tinyDisk(262_144);
  const master = startMaster([slave('sleeps.mjs')], { name: NAME }, { XDG_RUNTIME_DIR: runtime });
  await master.says('sleeping');
  const folder = fleetFolder(runtime);
  const client = new ControlClient(controlSocket(join(folder, 'run-1')));
  const filler = join(folder, 'filler');
  expect(() => {
    for (let bytes = Buffer.alloc(4096); ;) appendFileSync(filler, bytes);
  }).toThrow('ENOSPC');
  expect(freeBytes(folder)).toBe(0);
  // Each is an event; together they are more than the room that the last page of the file may have.
  for (let index = 0; index < 100; index++) await client.suspend(`none ${index}`).catch(() => {});
  await master.says('The journal of events cannot be written: ENOSPC');
  expect(await client.status()).toMatchObject({ phase: 'running' });
  rmSync(filler);
  await eventuallyAsync('it is written again', async () => {
    await client.suspend('none').catch(() => {});
    return master.output.includes('The journal of events is written again');
  });
  expect(master.output.split('cannot be written')).toHaveLength(2);
  await stop(master);
  const [seqs = []] = runs(await readEvents(folder));
  expect(seqs.length).toBeGreaterThan(100);
  expect(seqs).toEqual(seqs.map((_, index) => index + 1));
});

it('its status shows this run alone, the journal those before as well', async () => {
  const runtime = await temporaryFolder();
  for (const round of [1, 2]) {
    const master = startMaster([slave('sleeps.mjs')], { name: NAME }, { XDG_RUNTIME_DIR: runtime });
    await master.says('sleeping');
    const client = new ControlClient(controlSocket(join(fleetFolder(runtime), `run-${round}`)));
    await client.restart('Group');
    expect(await client.processes()).toMatchObject([{ restarts: 1, exits: [{ incarnation: 1 }] }]);
    expect(await client.pastEvents({ types: ['process_stopped'] })).toHaveLength(2 * round - 1);
    await stop(master);
  }
  const events = await readEvents(fleetFolder(runtime), { types: ['master_starting', 'master_stopped'] });
  expect(events.map(({ type }) => type)).toEqual(Array(2).fill(['master_starting', 'master_stopped']).flat());
});

it('a journal that somebody has made a folder harms nothing', async () => {
  const runtime = await temporaryFolder();
  const first = startMaster([program('true')], { name: NAME }, { XDG_RUNTIME_DIR: runtime });
  expect((await first.end).code).toBe(0);
  const file = join(fleetFolder(runtime), 'events.jsonl');
  rmSync(file);
  mkdirSync(file);
  const second = startMaster([program('true')], { name: NAME }, { XDG_RUNTIME_DIR: runtime });
  const { code, output } = await second.end;
  expect([code, output.includes('cannot be written: EISDIR')]).toEqual([0, true]);
});

async function eventuallyAsync(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await condition())) if (performance.now() > deadline) throw new Error(`Waited in vain: ${what}`);
}
