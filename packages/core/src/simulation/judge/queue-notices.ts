import type { Incarnation } from '../sim-run.js';
import { isExcepted, SLACK_MS, type Rule, type RuleMaker } from './rule.js';

/** Consumers learn of each feeder that is ready, a feeder of each consumer that is gone, and nobody of what is not so. */
export const queueNotices: RuleMaker = (world, fail): Rule => {
  /** `<serial of who was told> <what>` */
  const told = new Set<string>();
  /** When the master has said so. */
  const gone = new Map<Incarnation, number>();
  const keyOf = ({ serial }: Incarnation, what: string, number: number, id = 0): string =>
    `${serial} ${what} ${id}.${number}`;

  /** It lives and is at work, and the launcher knows it. */
  function isKnown(each: Incarnation): boolean {
    const { leader, readyHeardAt, endedHeardAt, exitHeardAt, stopAskedAt, killedAt, heardSince } = each;
    const isUp =
      leader?.alive === true &&
      readyHeardAt !== undefined &&
      Math.max(readyHeardAt, heardSince, world.hinderedAt) + slack(each) < world.now;
    return isUp && [endedHeardAt, exitHeardAt, stopAskedAt, killedAt].every((at) => at === undefined);
  }

  /** From an agent to the master, and from there to another. */
  function slack({ isRemote }: Incarnation): number {
    return isRemote ? 3 * SLACK_MS : SLACK_MS;
  }

  function checkReady(feeder: Incarnation): void {
    for (const each of feeder.run.incarnations) {
      if (!each.isConsumer || !each.isWith(feeder) || !isKnown(each)) continue;
      if (!told.has(keyOf(each, 'feeder-ready', feeder.number)))
        fail('notices', `${each.name} was not told of feeder ${feeder.name}`);
    }
  }

  function checkGone(feeder: Incarnation): void {
    for (const each of feeder.run.incarnations) {
      if (!each.isConsumer || !each.isWith(feeder) || each.members.length === 0) continue;
      const goneAt = gone.get(each) ?? 0;
      // A master far away may learn of it when a later feeder runs.
      if (Math.min(goneAt, each.exitHeardAt ?? Infinity) <= feeder.readyHeardAt!) continue;
      // Its master did not know yet that it was ready: no consumer has come to it.
      if (feeder.isRemote && !told.has(keyOf(each, 'feeder-ready', feeder.number))) continue;
      const wasTold = told.has(keyOf(feeder, 'consumer-gone', each.number, each.spec.id));
      if (Math.max(goneAt, feeder.heardSince, world.hinderedAt) + slack(feeder) < world.now && !wasTold)
        fail('notices', `${feeder.name} was not told that ${each.name} is gone`);
    }
  }

  return {
    published({ run, name, id, number }) {
      const incarnation = run.of(id).findLast((each) => each.number === number);
      if (name === 'process_stopped' && incarnation !== undefined) gone.set(incarnation, world.now);
    },
    told(incarnation, message) {
      if (message.type === 'feeder-ready') told.add(keyOf(incarnation, message.type, message.incarnation));
      if (message.type !== 'consumer-gone') return;
      const { id, incarnation: number } = message;
      told.add(keyOf(incarnation, message.type, number, id));
      const living = incarnation.run.living.find((each) => each.spec.id === id && each.number === number);
      if (living !== undefined && !isExcepted(living, world.now) && !(living.isRemote && living.tenancy.watchdogLost))
        fail('notices', `${incarnation.name} is told that ${living.name} is gone, but it lives`);
    },
    tick() {
      if (world.hindered) return;
      for (const run of world.runs) {
        if (!run.master.alive || run.stoppingSince !== undefined || run.killAskedAt !== undefined) continue;
        for (const feeder of run.living) {
          if (!feeder.isFeeder || !isKnown(feeder)) continue;
          checkReady(feeder);
          checkGone(feeder);
        }
      }
    },
  };
};
