import type { Incarnation } from '../sim-run.js';
import { isExcepted, isTouched, list, type Rule, type RuleMaker } from './rule.js';

/**
 * In a stop a feeder is asked when its consumers have ended; a feeder that cannot adopt starts when nobody works on what
 * its predecessor has handed out; a consumer is only let go by its feeder.
 */
export const queueOrder: RuleMaker = (world, fail): Rule => {
  function consumersOf(feeder: Incarnation): Incarnation[] {
    const isSure = (each: Incarnation): boolean =>
      !isExcepted(each, world.now) && !(each.isRemote && each.tenancy.watchdogLost);
    return feeder.run.living.filter((each) => each.isConsumer && each.isWith(feeder) && isSure(each));
  }

  function checkFeeder(feeder: Incarnation): void {
    const { stoppingSince } = feeder.run;
    const isStop = stoppingSince !== undefined && feeder.stopAskedAt! >= stoppingSince;
    const left = consumersOf(feeder);
    if (!isStop) checkReason(feeder);
    if (isSuspended(feeder) && left.length > 0) fail('stop-order', `${feeder.name} is suspended before ${list(left)}`);
    if (isStop && left.length > 0) fail('stop-order', `${feeder.name} is asked to stop before ${list(left)}`);
  }

  /** That, and nothing else, is why it is asked. */
  function isSuspended({ run, group, spec, stopAskedAt }: Incarnation): boolean {
    const { memoryLimit, maxAge } = spec.config;
    const suspended = run.fleet.suspended.get(group);
    return suspended?.forcedAt === Infinity && stopAskedAt! >= suspended.at && !memoryLimit && !maxAge;
  }

  /** In a group that goes on it is only asked for its own sake, or when no consumer can come any more. */
  function checkReason(feeder: Incarnation): void {
    const { memoryLimit, maxAge } = feeder.spec.config;
    const { incarnations, stopAskedAt, killAskedAt } = feeder.run;
    const others = incarnations.filter((each) => each.isConsumer && each.isWith(feeder));
    const mayCome = others.length === 0 || others.some((each) => each.leaving && each.number === lastOf(each, others));
    if (memoryLimit || maxAge || (stopAskedAt ?? killAskedAt) !== undefined || !mayCome) return;
    if (isTouched(feeder, world.now)) return;
    fail('stop-order', `${feeder.name} is asked to stop, though there may be consumers`);
  }

  /** While its feeder lives a consumer is only asked when that has let it go, or for its own sake. */
  function checkConsumer(consumer: Incarnation): void {
    const { run, spec } = consumer;
    const { memoryLimit, maxAge } = spec.config;
    const lives = run.living.some((each) => each.isFeeder && each.isWith(consumer) && each.exitHeardAt === undefined);
    if (isTouched(consumer, world.now)) return;
    if (consumer.leaving || !lives || run.stoppingSince !== undefined || memoryLimit || maxAge) return;
    fail('let-go', `${consumer.name} is asked to stop, and nobody has let it go`);
  }

  return {
    asked(incarnation) {
      // An agent whose lease is half over asks all at once.
      if (incarnation.isRemote) return;
      if (incarnation.isFeeder) checkFeeder(incarnation);
      else if (incarnation.isConsumer) checkConsumer(incarnation);
    },
    started(feeder) {
      if (!feeder.isFeeder || feeder.number === 1 || feeder.spec.config.params.adopts) return;
      const busy = consumersOf(feeder).filter(({ heldFrom }) => heldFrom !== undefined);
      if (busy.length > 0) fail('drained', `${feeder.name} starts while ${list(busy)} works for the one before`);
    },
  };
};

/** Number of the latest incarnation of a process. */
function lastOf({ spec }: Incarnation, all: readonly Incarnation[]): number {
  return Math.max(...all.filter((each) => each.spec.id === spec.id).map(({ number }) => number));
}
