import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GroupOptions, ProcessState } from '@distributed-architecture/core';
import { onTestFinished } from 'vitest';
import { slave, type Fleet } from './fleet.js';

/** A group in which each process works on a part of its own, and tells if another one does so, too. */
export function shards(instancesCount: number, options: Partial<GroupOptions> = {}): GroupOptions {
  const folder = mkdtempSync(join(tmpdir(), 'shards-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const params = { folder, ...options.params };
  return slave('shard.mjs', { name: 'Shards', local: { instancesCount }, ...options, params });
}

/** Waits until so many lives have begun to work, since the start of the run. */
export async function begun(fleet: Fleet, lives: number): Promise<void> {
  await fleet.until(`${lives} beginnings`, () => linesOf(fleet, ' begins in ').length >= lives);
}

/** The lives that worked on a part, in their order. */
export function livesOf(fleet: Fleet, shard: number, name = 'Shards'): string[] {
  return linesOf(fleet, `${name} shard ${shard} of `)
    .filter((line) => line.includes(' begins in '))
    .map((line) => line.split(' begins in ')[1]!);
}

/** By its lines and by its own word: no part had two owners, and who has a successor has ended before that began. */
export function overlaps(fleet: Fleet): string[] {
  const found = linesOf(fleet, 'has two owners');
  const started = (life: string): number => fleet.events.indexOf(`process_started ${life}`);
  const ended = (life: string): number =>
    fleet.events.findIndex((event) => event.startsWith(`process_stopped ${life} `));
  for (const { groupId, group } of fleet.launcher.processes) {
    const lives = livesOf(fleet, groupId, group);
    for (const [index, life] of lives.slice(1).entries()) {
      const former = lives[index]!;
      if (ended(former) === -1 || ended(former) > started(life)) found.push(`${former} and ${life}`);
    }
  }
  return found;
}

/** States of a group's processes, in the order of their ids. */
export function statesOf(fleet: Fleet, name = 'Shards'): ProcessState[] {
  return fleet.launcher.processes.filter(({ group }) => group === name).map(({ state }) => state);
}

export async function allAre(fleet: Fleet, state: ProcessState, name = 'Shards'): Promise<void> {
  await fleet.until(`all of ${name} are ${state}`, () => statesOf(fleet, name).every((each) => each === state));
}

function linesOf(fleet: Fleet, text: string): string[] {
  return fleet.texts.filter((line) => line.includes(text));
}
