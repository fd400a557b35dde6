import type { Incarnation } from '../sim-run.js';
import { SLACK_MS, type Rule, type RuleMaker } from './rule.js';

/** Consumers learn of each feeder that is ready, a feeder of each consumer that is gone, and nobody of what is not so. */
export const queueNotices: RuleMaker = (world, fail): Rule => {
  /** `<serial of who was told> <what>` */
  const told = new Set<string>();
  const keyOf = ({ serial }: Incarnation, what: string, number: number, id = 0): string =>
    `${serial} ${what} ${id}.${number}`;

  /** It lives and is at work, and the launcher knows it. */
  function isKnown({ leader, readyHeardAt, endedHeardAt, exitHeardAt, stopAskedAt, killedAt }: Incarnation): boolean {
    const isUp = leader?.alive === true && readyHeardAt !== undefined && readyHeardAt + SLACK_MS < world.now;
    return isUp && [endedHeardAt, exitHeardAt, stopAskedAt, killedAt].every((at) => at === undefined);
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
      if (!each.isConsumer || !each.isWith(feeder) || (each.exitHeardAt ?? 0) <= feeder.readyHeardAt!) continue;
      if (
        each.exitHeardAt! + SLACK_MS < world.now &&
        !told.has(keyOf(feeder, 'consumer-gone', each.number, each.spec.id))
      )
        fail('notices', `${feeder.name} was not told that ${each.name} is gone`);
    }
  }

  return {
    told(incarnation, message) {
      if (message.type === 'feeder-ready') told.add(keyOf(incarnation, message.type, message.incarnation));
      if (message.type !== 'consumer-gone') return;
      const { id, incarnation: number } = message;
      told.add(keyOf(incarnation, message.type, number, id));
      const living = incarnation.run.living.find((each) => each.spec.id === id && each.number === number);
      if (living !== undefined)
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
