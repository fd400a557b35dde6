import { leastConsumers, type AnyGroup } from '../schedule.js';
import type { Incarnation, SimRun } from '../sim-run.js';
import { list, type Rule, type RuleMaker } from './rule.js';

/** A process first starts when all that it depends on has been ready, and in a stop it ends before that is asked. */
export const dependencies: RuleMaker = (world, fail): Rule => {
  /** What it depends on, whatever an operator has made of it. */
  function needs({ run, group }: Incarnation): readonly string[] {
    const { fleet } = run;
    const all = fleet.touchedAt === -Infinity ? [fleet.find(group)!] : fleet.mayBe(group);
    const [first = [], ...others] = all.map(({ dependsOn = [] }) => dependsOn);
    return first.filter((name) => others.every((each) => each.includes(name)));
  }

  function hasServed(run: SimRun, group: string): boolean {
    const served = run.incarnations.filter((each) => each.spec.config.name === group && isServed(each));
    if (run.fleet.touchedAt !== -Infinity) return served.length > 0;
    return new Set(served.map(({ spec }) => spec.id)).size >= neededOf(run.fleet.find(group)!);
  }

  return {
    started(incarnation) {
      const { run, number, name } = incarnation;
      if (number > 1) return;
      const missing = needs(incarnation).find((group) => !hasServed(run, group));
      if (missing !== undefined) fail('dependencies', `${name} starts before group ${missing} is ready`);
    },
    asked({ run, spec, name, stopAskedAt }) {
      // An agent whose lease is half over asks all at once.
      if (world.schedule.remote !== undefined || run.stoppingSince === undefined || stopAskedAt! < run.stoppingSince)
        return;
      const depends = (each: Incarnation): boolean => needs(each).includes(spec.config.name);
      const dependents = run.living.filter((each) => depends(each));
      if (dependents.length > 0) fail('dependencies', `${name} is asked to stop before ${list(dependents)}`);
    },
  };
};

function neededOf(group: AnyGroup): number {
  return ('consumers' in group ? leastConsumers(group) + 1 : group.local?.instancesCount) ?? 1;
}

/** It was ready once, or has done its work without saying so: by its exit code, or by its word. */
function isServed({ readyHeardAt, exitHeardAt, endedHeardAt, code }: Incarnation): boolean {
  return readyHeardAt !== undefined || (exitHeardAt !== undefined && (code === 0 || endedHeardAt !== undefined));
}
