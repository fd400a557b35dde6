import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { GroupOptions, QueueGroupOptions } from '@distributed-architecture/core';
import { temporaryFolder } from '../setup/temporary-folder.js';
import { Fleet, fixture, slave } from '../support/fleet.js';
import { eventually } from '../support/processes.js';

/** What a queue group has written down. */
class Ledger {
  constructor(readonly folder: string) {}

  static async begin(): Promise<Ledger> {
    const ledger = new Ledger(await temporaryFolder());
    ledger.write('version', 'old');
    return ledger;
  }

  group(consumers: number): QueueGroupOptions {
    const env = { LEDGER: this.folder };
    const local = { instancesCount: consumers };
    return {
      name: 'Queue',
      command: 'work',
      console: fixture('ledger-queue.mjs'),
      concurrency: 4,
      env,
      consumers: { local },
    };
  }

  write(file: string, text = ''): void {
    writeFileSync(join(this.folder, file), text);
  }

  /** Number, checksum and code of each item that was handled. */
  get handled(): string[][] {
    const files = globSync(join(this.folder, '*.handled'));
    return files.flatMap((file) => linesOf(file).map((line) => line.split(' ')));
  }

  get answered(): number[] {
    return inOrder(linesOf(join(this.folder, 'answered')).map(Number));
  }

  /** Waits until so many items more were answered. */
  async goesOn(count: number): Promise<void> {
    const file = join(this.folder, 'answered');
    const size = (): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    // A line has seven bytes at most here.
    const enough = size() + 7 * count;
    await eventually(`${count} items more were answered`, () => size() >= enough);
  }

  /** Ends the work. @returns the exit code, and what is wrong: each item is to be handled and answered once */
  async close(fleet: Fleet): Promise<{ exitCode: number; flaws: string[] }> {
    this.write('enough');
    const { exitCode } = await fleet.end;
    const { handled, answered } = this;
    const numbers = Array.from({ length: handled.length }, (_, index) => index + 1).join();
    const flaws = [
      ...(inOrder(handled.map(([number]) => Number(number))).join() === numbers ? [] : ['not each was handled once']),
      ...(answered.join() === numbers ? [] : ['not each was answered once']),
      ...handled.filter(([number = '', sum]) => sum !== checksum(number)).map(([number]) => `${number} is spoilt`),
      ...fleet.texts.filter((text) => text.startsWith('failed')),
    ];
    return { exitCode, flaws };
  }
}

/** What `close` returns when all is well. */
const CLEAN = { exitCode: 0, flaws: [] };

function linesOf(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}

function inOrder(numbers: readonly number[]): number[] {
  return numbers.toSorted((a, b) => a - b);
}

function checksum(number: string): string {
  return createHash('sha256').update(number).digest('hex');
}

const idsOf = (fleet: Fleet): number[] => fleet.launcher.processes.map(({ id }) => id);
const statesOf = (fleet: Fleet): string[] => fleet.launcher.processes.map(({ id, state }) => `${id} ${state}`);
const movesOf = (fleet: Fleet): string[] => fleet.events.filter((event) => /^process_(started|stopped)/.test(event));

it('a reload of 5 consumers under load loses and doubles nothing', async () => {
  const ledger = await Ledger.begin();
  const fleet = new Fleet([ledger.group(5)]);
  await ledger.goesOn(500);
  ledger.write('version', 'new');
  expect(await fleet.launcher.reload('Queue')).toEqual({ completed: true, replaced: 6, left: 0 });
  expect(idsOf(fleet)).toEqual([1, 7, 8, 9, 10, 11]);
  await ledger.goesOn(500);
  expect(await ledger.close(fleet)).toEqual(CLEAN);
  expect(new Set(ledger.handled.map(([, , version]) => version))).toEqual(new Set(['old', 'new']));
  expect(fleet.texts).toContain('Reloading consumers of Queue: 5 of 5');
});

it('code that ends at its start stops the reload; the old ones work on, and nothing is lost', async () => {
  const ledger = await Ledger.begin();
  const fleet = new Fleet([ledger.group(3)]);
  await ledger.goesOn(100);
  ledger.write('version', 'broken');
  const result = await fleet.launcher.reload();
  expect(result).toMatchObject({ completed: false, replaced: 0, left: 4 });
  expect(result.reason).toBe('Consumer - work/5/2 has ended before it was running');
  await eventually('the successor is forgotten', () => idsOf(fleet).join() === '1,2,3,4');
  expect(statesOf(fleet)).toEqual(['1 running', '2 running', '3 running', '4 running']);
  await ledger.goesOn(100);
  expect(await ledger.close(fleet)).toEqual(CLEAN);
});

it('a plain group is reloaded one after the other, and no process runs twice', async () => {
  const fleet = new Fleet([slave('boots-slowly.mjs', { local: { instancesCount: 3 } })]);
  await fleet.says('Group is up', 3);
  const begun = movesOf(fleet).length;
  expect(await fleet.launcher.reload()).toEqual({ completed: true, replaced: 3, left: 0 });
  expect(movesOf(fleet).slice(begun)).toEqual(
    [1, 2, 3].flatMap((id) => [`process_stopped ${id}.1 stopped`, `process_started ${id}.2`]),
  );
  await fleet.launcher.stop();
  expect(await fleet.end).toEqual({ exitCode: 0 });
});

it('a stop ends a reload at once', async () => {
  const lingers = { local: { instancesCount: 2 }, params: { lingerMs: 300 } };
  const fleet = new Fleet([slave('boots-slowly.mjs', lingers)]);
  await fleet.says('Group is up', 2);
  const reload = fleet.launcher.reload();
  await fleet.says('Group stops');
  await fleet.launcher.stop();
  expect(await reload).toEqual({ completed: false, replaced: 0, left: 2, reason: 'the fleet stops' });
  expect(await fleet.end).toEqual({ exitCode: 0 });
});

it('a plain group that is scaled has new processes alone, which know how many they are', async () => {
  const fleet = new Fleet([slave('boots-slowly.mjs', { local: { instancesCount: 2 } })]);
  await fleet.says('Group is up', 2);
  await fleet.launcher.scaleGroup('Group', 3);
  await fleet.says('Group is up', 5);
  expect(fleet.launcher.processes.map(({ id, groupId, groupCount }) => `${id} ${groupId}/${groupCount}`)).toEqual([
    '3 1/3',
    '4 2/3',
    '5 3/3',
  ]);
  const moves = movesOf(fleet);
  expect(moves.indexOf('process_started 3.1')).toBeGreaterThan(moves.indexOf('process_stopped 1.1 stopped'));
  expect(moves.indexOf('process_started 3.1')).toBeGreaterThan(moves.indexOf('process_stopped 2.1 stopped'));
  await fleet.launcher.stop();
});

it('consumers that come and go while work flows lose and double nothing', async () => {
  const ledger = await Ledger.begin();
  const fleet = new Fleet([ledger.group(2)]);
  await ledger.goesOn(100);
  await fleet.launcher.scaleGroup('Queue', 4);
  await eventually('all run', () => statesOf(fleet).join() === [1, 2, 3, 4, 5].map((id) => `${id} running`).join());
  await fleet.launcher.scaleGroup('Queue', 1);
  await eventually('one is left', () => idsOf(fleet).join() === '1,2');
  expect(await ledger.close(fleet)).toEqual(CLEAN);
});

/** A group that comes up, or does not. */
function part(name: string, options: Partial<GroupOptions> = {}): GroupOptions {
  return { ...slave('boots-slowly.mjs', options), name };
}

it('another configuration starts, stops and restarts what differs, and nothing else', async () => {
  const mark = { MARK: 'same' };
  const fleet = new Fleet([part('Same'), part('Gone'), part('Changed')]);
  await fleet.says('is up', 3);
  const result = await fleet.apply([
    part('Same'),
    part('New', { dependsOn: ['Changed'] }),
    part('Changed', { env: mark }),
  ]);
  expect(result).toMatchObject({ completed: true, rolledBack: false });
  expect(result.plan.steps.map(({ action, group }) => `${action} ${group}`)).toEqual([
    'stop Gone',
    'restart Changed',
    'start New',
  ]);
  expect(statesOf(fleet)).toEqual(['1 running', '4 running', '5 running']);
  expect(fleet.launcher.groups.toSorted()).toEqual(['Changed', 'New', 'Same']);
  await fleet.launcher.stop();
});

it('a configuration that fails is undone', async () => {
  const fleet = new Fleet([part('Same'), part('Gone'), part('Changed')]);
  await fleet.says('is up', 3);
  const broken = { ...slave('dies-at-boot.mjs'), name: 'Broken' };
  const result = await fleet.apply([part('Same'), part('Changed', { priority: 1 }), broken]);
  expect(result).toMatchObject({ completed: false, rolledBack: true });
  expect(result.reason).toContain('has failed');
  await fleet.says('Changed is up', 2);
  await fleet.says('Gone is up', 2);
  expect(fleet.launcher.groups.toSorted()).toEqual(['Changed', 'Gone', 'Same']);
  expect(fleet.events.filter((event) => event.includes(' 1.'))).toEqual(['process_created 1.0', 'process_started 1.1']);
  await fleet.launcher.stop();
});
