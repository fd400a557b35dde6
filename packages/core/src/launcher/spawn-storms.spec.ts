import { describe, expect, it } from 'vitest';
import { PlainFleet } from './fleet.spec.helper.js';
import { SPAWNS_AT_A_TIME } from './launcher-state.js';
import { group } from '../testing/process-specs.js';

const COUNT = 3 * SPAWNS_AT_A_TIME;

const PROGRAMS = group({ name: 'Many', console: false, restart: 'always', local: { instancesCount: COUNT } });

function starting(fleet: PlainFleet): number[] {
  return [...fleet.state.processes.keys()].filter((id) => fleet.stateOf(id) === 'starting');
}

describe('very many programs', () => {
  it('are started a few at a time, with others between', () => {
    const fleet = new PlainFleet([PROGRAMS]);
    fleet.apply({ type: 'run' });
    for (let round = 1; round <= 3; round++) {
      expect(fleet.states.split(',').filter((state) => state !== 'created')).toHaveLength(round * SPAWNS_AT_A_TIME);
      fleet.to(starting(fleet)[0]!, { type: 'spawn-failed', error: 'no' });
      for (const id of starting(fleet)) fleet.to(id, { type: 'spawned', pid: 100 + id });
      expect(fleet.deadline).toBe(0);
      fleet.tick();
    }
  });

  it('wait for those that are not there yet', () => {
    const fleet = new PlainFleet([PROGRAMS]);
    fleet.apply({ type: 'run' });
    // That of their own start.
    expect(fleet.deadline).toBe(60_000);
    fleet.tick();
    expect(starting(fleet)).toHaveLength(SPAWNS_AT_A_TIME);
  });

  it('are started again a few at a time, with others between', () => {
    const fleet = new PlainFleet([PROGRAMS]);
    fleet.apply({ type: 'run' });
    for (let round = 1; round <= 3; round++) {
      for (const id of starting(fleet)) fleet.to(id, { type: 'spawned', pid: 100 + id });
      fleet.tick();
    }
    for (let id = 1; id <= COUNT; id++) fleet.exit(id);
    for (let round = 1; round <= 3; round++) {
      fleet.tick();
      expect(starting(fleet)).toHaveLength(round * SPAWNS_AT_A_TIME);
    }
  });
});
