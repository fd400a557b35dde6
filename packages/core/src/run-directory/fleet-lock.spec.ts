import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { takeFleet } from './fleet-lock.js';
import { ownIdentity } from './process-identity.js';
import { FleetRunningError } from './run-directory-errors.js';
import { readOwner, releaseOwner } from './run-owner.js';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'da-test-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const take = () => takeFleet('shop', folder);

function plantRun(number: number, owner: object): void {
  mkdirSync(join(folder, `run-${number}`));
  writeFileSync(join(folder, `run-${number}`, 'owner'), JSON.stringify(owner));
}

it('the first run has number 1 and the time as epoch', () => {
  const before = Date.now();
  const lock = take();
  expect(lock.folder).toBe(join(folder, 'run-1'));
  expect(lock.epoch).toBeGreaterThanOrEqual(before);
  expect(lock.predecessors).toEqual([]);
  expect(readOwner(lock.folder)).toEqual({ ...ownIdentity(), epoch: lock.epoch, released: false });
});

it('while it is held nobody gets it, and is told who holds it', () => {
  take();
  expect(take).toThrow(FleetRunningError);
  expect(take).toThrow(`A master of the fleet shop runs already, pid ${process.pid}`);
  expect(readdirSync(folder)).toEqual(['run-1']);
});

it('released, it is followed by the next number, also in the same program', () => {
  const first = take();
  releaseOwner(first.folder);
  const second = take();
  expect(second.folder).toBe(join(folder, 'run-2'));
  expect(second.epoch).toBeGreaterThan(first.epoch);
  expect(second.predecessors).toEqual([first.folder]);
});

it('the epoch grows though the clock was set back', () => {
  const future = Date.now() + 1e9;
  plantRun(7, { ...ownIdentity(), startTime: 'other', epoch: future });
  expect(take()).toMatchObject({ folder: join(folder, 'run-8'), epoch: future + 1 });
});

it.each([
  ['another process has its number', { startTime: '1' }],
  ['the machine was started anew', { boot: 'another' }],
])('a lock whose holder is gone is no lock: %s', (_title, difference) => {
  plantRun(1, { ...ownIdentity(), epoch: 1, ...difference });
  expect(take().predecessors).toEqual([join(folder, 'run-1')]);
});

it('one that a crash of the machine has damaged is no lock', () => {
  mkdirSync(join(folder, 'run-3'));
  writeFileSync(join(folder, 'run-3', 'owner'), '');
  expect(take().folder).toBe(join(folder, 'run-4'));
});

it('several dead runs are all predecessors; what was left in trying is removed', () => {
  for (const number of [2, 10, 9]) plantRun(number, { ...ownIdentity(), startTime: '1', epoch: number });
  mkdirSync(join(folder, `.new-${process.pid}-1-abcd`));
  const { folder: own, predecessors } = take();
  expect(own).toBe(join(folder, 'run-11'));
  expect(predecessors).toEqual([2, 9, 10].map((number) => join(folder, `run-${number}`)));
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
});

it('who holds a lower number came too late, and is left alone', () => {
  plantRun(1, { ...ownIdentity(), epoch: 1 });
  plantRun(2, { ...ownIdentity(), startTime: '1', epoch: 2 });
  expect(take().predecessors).toEqual([join(folder, 'run-2')]);
});

it('what has to be there with the lock is put there again when somebody who has ended since was faster', () => {
  const prepared: string[] = [];
  const lock = takeFleet('shop', folder, (own) => {
    if (prepared.push(own) === 1) plantRun(1, { ...ownIdentity(), startTime: '1', epoch: 1 });
    writeFileSync(join(own, 'socket'), '');
  });
  expect(prepared).toHaveLength(2);
  expect(lock.folder).toBe(join(folder, 'run-2'));
  expect(readdirSync(lock.folder).toSorted()).toEqual(['owner', 'socket']);
});

it('a number that is not exact is none of ours', () => {
  mkdirSync(join(folder, 'run-99999999999999999999'));
  expect(take().folder).toBe(join(folder, 'run-1'));
});
