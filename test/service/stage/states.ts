import { setTimeout as delay } from 'node:timers/promises';
import type { ControlClient } from '@distributed-architecture/core';
import { expect } from 'vitest';

const DEADLINE_MS = 40_000;
const LOOK_MS = 30;

/** Waits until a master shows its processes in these states: `1 running`. */
export async function become(client: ControlClient, ...expected: readonly string[]): Promise<void> {
  await becomeBy(client, expected, ({ id, state }) => `${id} ${state}`);
}

/** The same by their groups: `Work running`. */
export async function groupsBecome(client: ControlClient, ...expected: readonly string[]): Promise<void> {
  await becomeBy(client, expected, ({ group, state }) => `${group} ${state}`);
}

type Process = Awaited<ReturnType<ControlClient['processes']>>[number];

async function becomeBy(
  client: ControlClient,
  expected: readonly string[],
  describe: (each: Process) => string,
): Promise<void> {
  for (const deadline = performance.now() + DEADLINE_MS; ; await delay(LOOK_MS)) {
    const found = (await client.processes()).map(describe);
    if (found.join() === expected.join()) return;
    if (performance.now() > deadline) return expect(found).toEqual(expected);
  }
}
