import type { GroupConfig } from '../../config/group-config.js';
import type { SimRun } from '../sim-run.js';
import { goesOn, SLACK_MS, type Published, type Rule, type RuleMaker } from './rule.js';

/** The longest wait before a first restart, +20 %. */
const MOST_MS_PER_SECOND = 1200;

interface Owed {
  readonly run: SimRun;
  readonly id: number;
  readonly at: number;
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
    const { config } = history[0]!.spec;
    // Those have their own rules, and may be let go instead.
    if (history[0]!.isFeeder || history.some(({ leaving }) => leaving)) return undefined;
    if (exit?.reason === 'max-age') return 0;
    if (exit?.reason === 'timeout') return maxProcessTimeout === 0 || number < maxProcessTimeout ? 0 : undefined;
    if (exit?.reason === 'item-timeout')
      return number === 1 ? (config.restartDelay ?? 0) * MOST_MS_PER_SECOND : undefined;
    return exit?.reason === 'ended' && number === 1 ? firstDelay(config) : undefined;
  }

  /** A consumer whose feeder is gone may have nothing to come back for. */
  function isClosing({ run, id }: Owed): boolean {
    const consumer = run.of(id).at(-1)!;
    const feeder = run.incarnations.findLast((each) => each.isFeeder && each.isWith(consumer));
    return consumer.isConsumer && feeder?.leader?.alive !== true;
  }

  /** An operator has other plans for it. */
  function isHeldUp({ run, id, at }: Owed): boolean {
    const { suspended, quietSince } = run.fleet;
    return suspended.has(run.of(id)[0]!.group) || quietSince >= at || !run.fleet.has(id);
  }

  return {
    started: ({ run, spec }) => settle(run, spec.id),
    published(event) {
      const { run, id, name } = event;
      if (remote !== undefined || name !== 'process_stopped') return;
      const delay = delayOf(event);
      if (delay !== undefined) owed.push({ run, id, at: world.now, dueAt: world.now + delay + SLACK_MS });
    },
    tick() {
      if (world.hindered) return;
      for (const each of owed) {
        if (
          !goesOn(each.run) ||
          isClosing(each) ||
          isHeldUp(each) ||
          world.now <= Math.max(each.dueAt, world.hinderedAt + SLACK_MS)
        )
          continue;
        fail('no-lost-wake-up', `${each.id} of run ${each.run.number} was to start again`);
      }
    },
  };
};

function firstDelay({ restart, restartDelay = 0, maxRestarts }: GroupConfig): number | undefined {
  return restart === 'always' && maxRestarts > 0 ? restartDelay * MOST_MS_PER_SECOND : undefined;
}
