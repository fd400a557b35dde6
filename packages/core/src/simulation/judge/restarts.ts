import type { GroupOptions } from '../../config/group-config.js';
import type { SimRun } from '../sim-run.js';
import { SLACK_MS, type Published, type Rule, type RuleMaker } from './rule.js';

/** The longest wait before a first restart, +20 %. */
const MOST_MS_PER_SECOND = 1200;

interface Owed {
  readonly run: SimRun;
  readonly id: number;
  readonly dueAt: number;
}

/**
 * What is to come back comes back in time: after a time-out and after its age at once, after a first end of its own
 * under `restart: always` within its delay. Judged where the launcher that decides is the master.
 */
export const restarts: RuleMaker = (world, fail): Rule => {
  const { remote, limits } = world.schedule;
  const { maxProcessTimeout = 3 } = limits;
  const owed: Owed[] = [];

  function settle(run: SimRun, id: number): void {
    const index = owed.findIndex((each) => each.run === run && each.id === id);
    if (index >= 0) owed.splice(index, 1);
  }

  function delayOf({ run, id, number, exit }: Published): number | undefined {
    const history = run.of(id);
    const group = world.schedule.groups.find(({ name }) => name === history[0]?.spec.config.name)!;
    if (exit?.reason === 'max-age') return 0;
    if (exit?.reason === 'timeout') return maxProcessTimeout === 0 || number < maxProcessTimeout ? 0 : undefined;
    return exit?.reason === 'ended' && number === 1 ? firstDelay(group) : undefined;
  }

  return {
    started: ({ run, spec }) => settle(run, spec.id),
    published(event) {
      const { run, id, name } = event;
      if (remote !== undefined || name !== 'process_stopped') return;
      const delay = delayOf(event);
      if (delay !== undefined) owed.push({ run, id, dueAt: world.now + delay + SLACK_MS });
    },
    tick() {
      if (world.hindered) return;
      const isRunning = ({ run }: Owed): boolean =>
        run.master.alive && run.stoppingSince === undefined && run.killAskedAt === undefined && !run.timedOut;
      for (const each of owed) {
        if (!isRunning(each) || world.now <= Math.max(each.dueAt, world.hinderedAt + SLACK_MS)) continue;
        fail('no-lost-wake-up', `${each.id} of run ${each.run.number} was to start again`);
      }
    },
  };
};

function firstDelay({ restart, restartDelay = 0, maxRestarts = 5 }: GroupOptions): number | undefined {
  return restart === 'always' && maxRestarts > 0 ? restartDelay * MOST_MS_PER_SECOND : undefined;
}
