import { setTimeout as delay } from 'node:timers/promises';
import { signal } from '../machine.js';
import type { Dice } from '../random.js';
import type { CuttingProxy } from './cutting.js';
import type { FeedFleet } from './fleet.js';

/** What goes wrong: `cut` and `lose` cut all connections, `lose` with what was on its way. */
export const FAULTS = [
  'kill-consumer',
  'freeze-consumer',
  'kill-feeder',
  'freeze-feeder',
  'cut',
  'lose',
  'stop',
  'kill-master',
] as const;

export type FaultName = (typeof FAULTS)[number];

/** A fault, and whom it hit: a consumer's or a feeder's incarnation, or all. */
export interface Hit {
  readonly fault: FaultName;
  readonly us: number;
  readonly target: string;
}

export interface Scene {
  readonly fleet: FeedFleet;
  readonly proxy: CuttingProxy;
  readonly dice: Dice;
}

/** Faults that the master outlives; longer than its consumers' `timeout` is what it does not wait for. */
const FREEZE_MS = 3500;
const EVERYBODY = '';

/** @returns whom it has hit, undefined when nobody was there */
export async function commit(fault: FaultName, scene: Scene): Promise<Hit | undefined> {
  const { fleet, proxy, dice } = scene;
  const us = Number(process.hrtime.bigint() / 1000n);
  const hit = (target: string, happened: boolean): Hit | undefined => (happened ? { fault, us, target } : undefined);
  switch (fault) {
    case 'kill-consumer':
    case 'freeze-consumer': {
      const { consumers } = fleet;
      if (consumers.length === 0) return undefined;
      const { pid, name } = dice.pick(consumers);
      if (fault === 'kill-consumer') return hit(name, signal(pid, 'SIGKILL'));
      const frozen = signal(pid, 'SIGSTOP');
      await wake(pid, dice);
      return hit(name, frozen);
    }
    case 'kill-feeder':
    case 'freeze-feeder': {
      const { feeder } = fleet;
      if (feeder === undefined) return undefined;
      if (fault === 'kill-feeder') return hit(EVERYBODY, signal(feeder.pid, 'SIGKILL'));
      const frozen = signal(feeder.pid, 'SIGSTOP');
      await delay(dice.next() * 1000);
      signal(feeder.pid, 'SIGCONT');
      return hit(EVERYBODY, frozen);
    }
    case 'cut':
      return hit(EVERYBODY, proxy.cut('gentle') > 0);
    case 'lose':
      return hit(EVERYBODY, proxy.cut('lossy') > 0);
    case 'stop':
    case 'kill-master': {
      // Before its feeder is there a master has nothing to lose, and may not yet listen to signals.
      if (fleet.ended || fleet.feeder === undefined) return undefined;
      const happened = signal(fleet.pid, fault === 'stop' ? 'SIGTERM' : 'SIGKILL');
      await fleet.end;
      return hit(EVERYBODY, happened);
    }
  }
}

/** Half of the frozen wake up while they are still wanted, or a moment after they were given up; the others never. */
async function wake(pid: number, dice: Dice): Promise<void> {
  if (dice.chance(0.5)) return;
  await delay(dice.next() * FREEZE_MS);
  // It may be dead by now; its number is not given again so soon.
  signal(pid, 'SIGCONT');
}
