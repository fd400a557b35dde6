import { isDeepStrictEqual } from 'node:util';
import type { GroupConfig } from '../../config/group-config.js';
import { placeProcesses } from '../../placement/place-processes.js';
import type { ManagedProcess } from '../../process/managed-process.js';
import type { ProcessSpec } from '../../process/process-spec.js';
import type { Incarnation, SimRun } from '../sim-run.js';
import { wholeStopMs } from './bounds.js';
import { goesOn, type Rule, type RuleMaker } from './rule.js';

/** What is retired may have a kill before its end, and an agent the way to it. */
const LINGER_MS = 2000;
/** An agent that was lost is known to be so after its lease; its clock may be slow. */
const LEASE_SHARE = 1250;
const CLOCK_SHARE = 1.2;

/** When nothing is under way the fleet is what its configuration says, and nobody knows of what was retired. */
export const configured: RuleMaker = (world, fail): Rule => {
  const { remote } = world.schedule;
  const localAgent = remote !== undefined && remote.mixed !== true;

  function checkFleet(run: SimRun): void {
    const { fleet } = run;
    if (fleet.groups === undefined) return;
    const { specs } = placeProcesses(fleet.groups, { localAgent });
    const expected = countsOf(specs.map(keyOfSpec));
    const actual = countsOf(fleet.view().map((each) => keyOfProcess(each, run.of(each.id)[0]?.spec)));
    for (const key of new Set([...expected.keys(), ...actual.keys()])) {
      const [there, due] = [actual.get(key) ?? 0, expected.get(key) ?? 0];
      if (there !== due) fail('configured', `${there} processes ${key}, expected ${due}`);
    }
    for (const { id } of fleet.view()) checkConfig(run.of(id).at(-1), specs);
  }

  function checkConfig(latest: Incarnation | undefined, specs: readonly ProcessSpec[]): void {
    if (latest === undefined || !latest.lives) return;
    const alike = specs.filter((spec) => keyOfSpec(spec) === keyOfSpec(latest.spec));
    const own = essence(latest.spec.config);
    if (!alike.some(({ config }) => isDeepStrictEqual(essence(config), own)))
      fail('configured', `${latest.name} runs with another configuration than its group has`);
  }

  /** What a master has forgotten, its agent has, too. */
  function checkForgotten(run: SimRun): void {
    const tenancy = run.tenancies.at(-1)!;
    if (tenancy === run.home || !tenancy.launcher.alive || world.now < (run.linkedSince ?? Infinity) + lingerMs())
      return;
    const known = [...tenancy.known].filter((id) => !run.fleet.has(id));
    if (known.length > 0) fail('forgotten', `${tenancy.launcher.name} still knows of ${known.join()}`);
  }

  function lingerMs(): number {
    const far = remote === undefined ? 0 : remote.lease * LEASE_SHARE + LINGER_MS;
    return wholeStopMs(world.schedule) * CLOCK_SHARE + LINGER_MS + far;
  }

  function isQuiet({ fleet }: SimRun): boolean {
    const isTouched = fleet.touchedAt !== -Infinity;
    return isTouched && world.now > Math.max(fleet.quietSince, world.hinderedAt) + lingerMs();
  }

  return {
    tick() {
      if (world.hindered) return;
      for (const run of world.runs) {
        if (!goesOn(run) || !isQuiet(run)) continue;
        if (remote === undefined || run.linkedSince !== undefined) checkFleet(run);
        checkForgotten(run);
      }
    },
  };
};

function keyOfSpec({ config, queue, origin }: ProcessSpec): string {
  return `of ${config.name}, ${queue?.role ?? 'plain'}, on ${origin.host}`;
}

/** What was never started has no spec that the judge knows. */
function keyOfProcess({ group, host, display }: ManagedProcess, spec: ProcessSpec | undefined): string {
  if (spec !== undefined) return keyOfSpec(spec);
  const role = display.startsWith('Feeder') ? 'feeder' : display.startsWith('Consumer') ? 'consumer' : 'plain';
  return `of ${group}, ${role}, on ${host}`;
}

/** What a process was started with, without what may change while it runs. */
function essence(config: GroupConfig): unknown {
  const { queue } = config;
  const own = { ...config, reload: undefined, queue: { ...queue, onDemand: queue?.onDemand?.maxIdleTime } };
  // As an agent gets it: without what is undefined.
  return JSON.parse(JSON.stringify(own));
}

function countsOf(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
