import { describe, expect, it } from 'vitest';
import { createRecord } from '../process/process-record.js';
import { group, listProcesses } from '../testing/process-specs.js';
import type { FleetView } from './change-decision.js';
import { Readiness } from './readiness.js';
import { beginTurn, goOn } from './reload-turn.js';

describe('a turn of what runs under an agent', () => {
  it('waits for its next incarnation, however long the old one runs before the agent has heard', () => {
    const [spec] = listProcesses([group({ startTimeout: 10, stopTimeout: 5 })]);
    const record = { ...createRecord(spec!), state: 'running', incarnation: 1, wasReady: true } as const;
    const view: FleetView = {
      now: 1000,
      records: new Map([[spec!.id, record]]),
      groups: [],
      idsOf: () => [spec!.id],
      isWanted: () => true,
      isSuspended: () => false,
    };
    const turn = goOn(beginTurn(spec!.id, 'stop-first', view), view, new Readiness());
    expect(turn).toMatchObject({ phase: 'starting', dueAt: 21_000 });
  });
});
