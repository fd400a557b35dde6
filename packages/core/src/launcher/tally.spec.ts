import { describe, expect, it } from 'vitest';
import { isAccountable, isLive, isOver, type ProcessRecord } from '../process/process-record.js';
import type { ProcessSpec } from '../process/process-spec.js';
import type { ProcessEvent } from '../process/process-decision.js';
import { group, listProcesses } from '../testing/process-specs.js';
import { randomFrom } from '../testing/random.js';
import { decide } from './launcher-machine.js';
import { createState, type LauncherState } from './launcher-state.js';
import type { Tally } from './tally.js';

const LIMITS = { timeoutMs: 0, maxRunningTimeMs: 0, maxProcessTimeout: 2, bootSlots: 4 };

const EVENTS: readonly ProcessEvent[] = [
  { type: 'spawned', pid: 7 },
  { type: 'spawn-failed', error: 'no' },
  { type: 'ready' },
  { type: 'seen' },
  { type: 'ended', code: 0 },
  { type: 'exited', code: 0, signal: null },
  { type: 'exited', code: 1, signal: null },
  { type: 'suspend' },
  { type: 'resume' },
  { type: 'stop' },
  { type: 'due' },
  { type: 'reported', change: { id: 0, state: 'running', incarnation: 1 } },
  { type: 'reported', change: { id: 0, state: 'unreachable', incarnation: 1 } },
  { type: 'reported', change: { id: 0, state: 'stopped', incarnation: 1 } },
  { type: 'reported', change: { id: 0, state: 'failed', incarnation: 1 } },
];

/** Every second one is an agent's; the first group does not count silence. */
function fleet(): LauncherState {
  const groups = [
    group({ name: 'A', timeout: 0, local: { instancesCount: 6 } }),
    group({ name: 'B', dependsOn: ['A'], restart: 'always', local: { instancesCount: 6 } }),
  ];
  const specs = listProcesses(groups).map((spec): ProcessSpec =>
    spec.id % 2 === 0 ? { ...spec, agent: 'host' } : spec,
  );
  return createState(specs, LIMITS);
}

/** By looking at all of them. */
function counted(records: readonly ProcessRecord[]): Tally {
  const count = (condition: (record: ProcessRecord) => boolean): number => records.filter(condition).length;
  return {
    over: count(isOver),
    failed: count(({ state }) => state === 'failed'),
    live: count(isLive),
    accountable: count(isAccountable),
    remote: count((record) => isAccountable(record) && record.spec.agent !== undefined),
    served: count(({ wasReady, state }) => (wasReady ? state !== 'failed' : state === 'stopped')),
  };
}

describe('the tallies of a launcher', () => {
  it.each([1, 2, 3, 4, 5])('say what a look at all processes says, whatever happened (seed %i)', (seed) => {
    const state = fleet();
    const random = randomFrom(seed);
    decide(state, { type: 'run' }, { now: 0, random });
    for (let now = 1; now <= 500; now++) {
      const id = 1 + Math.floor(random() * state.processes.size);
      decide(state, { type: 'process', id, event: EVENTS[Math.floor(random() * EVENTS.length)]! }, { now, random });
      const records = [...state.processes.values()];
      expect(state.tallies.all).toEqual(counted(records));
      for (const [name, tally] of state.tallies.groups) {
        expect(tally).toEqual(counted(records.filter(({ spec }) => spec.config.name === name)));
      }
    }
  });
});
