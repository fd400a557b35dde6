import type { ProcessExit } from '../../process/process-exit.js';
import type { SimRun } from '../sim-run.js';
import type { Rule, RuleMaker } from './rule.js';

/** The master's exit code tells whether something failed, and a process is only called stopped when it did well or was told to. */
export const exitCodes: RuleMaker = (world, fail): Rule => {
  const last = new Map<SimRun, Map<number, ProcessExit | undefined>>();
  return {
    published({ run, name, id, exit }) {
      if (name !== 'process_stopped') return;
      if (!last.has(run)) last.set(run, new Map());
      last.get(run)!.set(id, exit);
    },
    ended(run, exitCode, states) {
      const all = [...states.values()];
      const expected = run.timedOut || run.abandoned || all.includes('failed') ? 1 : 0;
      // What was retired may have failed before.
      const isForgotten = run.incarnations.some(({ spec }) => !states.has(spec.id));
      if (exitCode !== expected && !(isForgotten && exitCode === 1))
        fail('exit-code', `exit code ${exitCode}, but states ${all.join()}`);
      const open = all.find((state) => state !== 'stopped' && state !== 'failed');
      if (open !== undefined && !run.abandoned) fail('exit-code', `the run has ended with a process that is ${open}`);
      if (world.schedule.remote !== undefined) return;
      if (run.stoppingSince !== undefined || run.stopAskedAt !== undefined || run.killAskedAt !== undefined) return;
      for (const [id, exit] of last.get(run) ?? []) {
        // What ends a queue group stops its processes, also those that have just died.
        if (run.of(id)[0]?.spec.queue !== undefined) continue;
        const bad = exit !== undefined && exit.code !== 0 && !isDone(run, id);
        if (bad && states.get(id) === 'stopped' && !run.timedOut && run.fleet.touchedAt === -Infinity)
          fail('exit-code', `${id} has failed, but counts as stopped`);
      }
    },
  };
};

/** It said that it was done and had to be helped out. */
function isDone(run: SimRun, id: number): boolean {
  return run.of(id).at(-1)?.endedHeardAt !== undefined;
}
