import type { Incarnation } from '../sim-run.js';
import { isExcepted, list, type Rule, type RuleMaker } from './rule.js';

/** A process never runs twice, not even under two masters or on two machines; nobody is killed in its place; epochs grow. */
export const oneLife: RuleMaker = (world, fail): Rule => {
  let lastEpoch = 0;

  /**
   * A machine whose agent and watchdog were both killed is cleaned up by the next agent there, and by nobody else. A new
   * master does not know where its predecessor had agents: when the host's name has come to mean another machine since
   * then, nobody waits for the lease of the one before.
   */
  function isBeside(incarnation: Incarnation, other: Incarnation): boolean {
    if (other === incarnation || other.spec.id !== incarnation.spec.id || !other.lives) return false;
    if (other.tenancy.machine === incarnation.tenancy.machine) return true;
    if (other.run !== incarnation.run) return false;
    return [other, incarnation].every((each) => !isExcepted(each, world.now) && !each.tenancy.watchdogLost);
  }

  return {
    executed(incarnation) {
      const others = world.incarnations.filter((each) => isBeside(incarnation, each));
      if (others.length > 0) fail('one-life', `${list([incarnation])} runs beside ${list(others)}`);
    },
    signalled(process, folder) {
      const ours = world.incarnations.some(
        ({ tenancy, members }) => tenancy.folder === folder && members.includes(process),
      );
      if (!ours) fail('right-victim', `${process.name} (pid ${process.pid}) is signalled for run ${folder.number}`);
    },
    opened({ run, launcher }, epoch) {
      if (launcher !== run.master) return;
      if (epoch <= lastEpoch) fail('epoch-grows', `epoch ${epoch} after ${lastEpoch}`);
      lastEpoch = epoch;
    },
  };
};
