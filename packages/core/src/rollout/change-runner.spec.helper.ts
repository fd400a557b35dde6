import { setImmediate as turn } from 'node:timers/promises';
import type { AnyGroupOptions } from '../plan/group-shape.js';
import { ChangeRunner } from './change-runner.js';
import { FakeFleet } from './fake-fleet.spec.helper.js';

export const GROUP: AnyGroupOptions = {
  name: 'Group',
  command: 'work',
  startTimeout: 10,
  stopTimeout: 5,
  local: { instancesCount: 3 },
};

/** A feeder and two consumers. */
export const QUEUE: AnyGroupOptions = {
  name: 'Queue',
  command: 'queue',
  startTimeout: 10,
  stopTimeout: 5,
  consumers: { local: { instancesCount: 2 } },
};

/** A change of a fake fleet, and what has come of it so far. */
export class Attempt<R> {
  result: R | undefined;
  error: unknown;

  constructor(promise: Promise<R>) {
    promise.then(
      (result) => (this.result = result),
      (error: unknown) => (this.error = error),
    );
  }

  get isPending(): boolean {
    return this.result === undefined && this.error === undefined;
  }
}

export function startFleet(...groups: readonly AnyGroupOptions[]): { fleet: FakeFleet; runner: ChangeRunner } {
  const fleet = new FakeFleet(groups);
  const runner = new ChangeRunner(fleet);
  fleet.settled = () => runner.settled();
  return { fleet, runner };
}

/** Lets promises that are due come through. */
export function told(): Promise<void> {
  return turn();
}
