import { DEFAULTS } from '../../config/defaults.js';
import type { Incarnation } from '../sim-run.js';
import type { SimRun } from '../sim-run.js';
import type { Published, Rule, RuleMaker } from './rule.js';

interface History {
  timeOuts: number;
  /** When ends of its own were followed by a restart. */
  restarts: number[];
  last: { readonly at: number; readonly exit: Published['exit'] } | undefined;
}

/** A process is given up after so many time-outs in a row, and after so many restarts in its window. Each agent counts for itself. */
export const giveUp: RuleMaker = (world, fail): Rule => {
  const histories = new Map<SimRun, Map<number, History>>();
  const { maxProcessTimeout = 3 } = world.schedule.limits;

  function of(run: SimRun, id: number): History {
    const ofRun = histories.get(run) ?? new Map<number, History>();
    histories.set(run, ofRun);
    const history = ofRun.get(id) ?? { timeOuts: 0, restarts: [], last: undefined };
    ofRun.set(id, history);
    return history;
  }

  function startedAgain(incarnation: Incarnation, history: History): void {
    const { exit, at } = history.last!;
    const before = incarnation.run.of(incarnation.spec.id).find(({ number }) => number === incarnation.number - 1);
    // What an operator wants comes back, whatever it died of, with all its tries.
    if (before !== undefined && incarnation.run.fleet.quietSince >= before.startedAt)
      return void Object.assign(history, { timeOuts: 0, restarts: [] });
    if (maxProcessTimeout > 0 && history.timeOuts >= maxProcessTimeout) {
      fail('give-up', `${incarnation.name} starts after ${history.timeOuts} time-outs in a row`);
    }
    if (!exit || ['timeout', 'memory-limit', 'max-age', 'item-timeout'].includes(exit.reason)) return;
    // Who was let go may come back.
    if (before?.leaving) return;
    history.restarts.push(at);
    const { restartWindow, maxRestarts } = limitsOf(incarnation);
    const recent = history.restarts.filter((time) => at - time < restartWindow * 1000);
    if (recent.length > maxRestarts)
      fail('give-up', `${incarnation.name} is restart ${recent.length} in ${restartWindow} s`);
  }

  return {
    // What is started anew has all its tries again.
    operated(run) {
      histories.get(run)?.clear();
    },
    started(incarnation) {
      if (world.schedule.remote !== undefined) return;
      const history = of(incarnation.run, incarnation.spec.id);
      if (history.last !== undefined) startedAgain(incarnation, history);
    },
    published({ run, name, id, number, exit }) {
      if (name !== 'process_stopped') return;
      const history = of(run, id);
      const incarnation = run.of(id).find((each) => each.number === number);
      if (incarnation?.proven) history.timeOuts = 0;
      if (exit?.reason === 'timeout') history.timeOuts++;
      history.last = { at: world.now, exit };
    },
  };
};

/** By its configuration, or the loosest of those that it may have had. */
function limitsOf({ run, group }: Incarnation): { readonly restartWindow: number; readonly maxRestarts: number } {
  const { fleet } = run;
  const all = fleet.touchedAt === -Infinity ? [fleet.find(group)!] : fleet.mayBe(group);
  return {
    restartWindow: Math.min(...all.map((each) => each.restartWindow ?? DEFAULTS.restartWindow)),
    maxRestarts: Math.max(...all.map((each) => each.maxRestarts ?? DEFAULTS.maxRestarts)),
  };
}
