import type { TestContext } from 'vitest';
import { FleetWorld } from '../../faults/service/fleet-world.js';
import { signal } from '../../faults/machine.js';

/** Whom tests may be when root runs them: nobody needs an account for it. */
export const NOBODY = 65_534;

const isRoot = process.getuid?.() === 0;

/** Who runs a fleet: root and a user, or, where tests are run by a user, this one alone. */
export const WHO: readonly [string, number | undefined][] = isRoot
  ? [
      ['root', undefined],
      ['a user', NOBODY],
    ]
  : [['a user', undefined]];

/**
 * A fleet of its own. When the test ends its masters are stopped; the test fails when anything is left, or has met what it
 * must not.
 */
export function makeWorld({ onTestFinished }: TestContext, uid?: number): FleetWorld {
  const world = new FleetWorld({ uid });
  onTestFinished(async () => {
    const { meetings } = world;
    for (const { pid, command } of world.processes) if (command.includes('master.mjs')) signal(pid, 'SIGTERM');
    const left = await world.remove();
    if (meetings.length > 0 || left.length > 0) throw new Error([...meetings, ...left].join('\n'));
  });
  return world;
}
