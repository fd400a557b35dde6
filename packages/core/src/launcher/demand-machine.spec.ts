import { describe, expect, it } from 'vitest';
import type { DemandMessage } from '../channel/queue-message.js';
import { resolveQueueGroup } from '../config/resolve-queue-group.js';
import { decideDemand, type DemandSituation } from './demand-machine.js';
import { NO_DEMAND, onDemand } from './queue-fleet.spec.helper.js';

const LONG_AGO = -Infinity;
const QUIET = { grownAt: LONG_AGO, startedAt: LONG_AGO, letGo: 0, letGoAt: LONG_AGO };

/** From 1 to 10 consumers, target 1 s; now is 100 s. */
function decide(demand: Partial<DemandMessage>, situation: Partial<DemandSituation> = {}): string | undefined {
  const local = { minInstances: 1, maxInstances: 10, maxIdleTime: 5 };
  const { consumer } = resolveQueueGroup(onDemand(local));
  const active = situation.active ?? 1;
  const decision = decideDemand({
    demand: { ...NO_DEMAND, consumers: active - (situation.booting ?? 0), ...demand },
    config: consumer.queue!,
    active,
    booting: 0,
    slots: 10 - active,
    spare: active - 1,
    growth: QUIET,
    now: 100_000,
    ...situation,
  });
  return decision && `${decision.type} ${decision.count}: ${decision.reason}`;
}

describe('more consumers', () => {
  it('one at once when work waits and there is none, also soon after another start', () => {
    const growth = { ...QUIET, grownAt: 100_000 };
    expect(decide({ waiting: 3 }, { active: 0, growth })).toBe('start 1: 3 items wait, there is no consumer');
    expect(decide({ waiting: 1 }, { active: 0 })).toBe('start 1: 1 item waits, there is no consumer');
  });

  it('none while what waits is cleared within the target', () => {
    expect(decide({ waiting: 1e6, clearMs: 1000 })).toBeUndefined();
    expect(decide({ waiting: 1e6, clearMs: 1000, waitedMs: 900 })).toBeUndefined();
  });

  it('so many that it is, but at most twice as many', () => {
    const demand = { waiting: 340, clearMs: 4200 };
    expect(decide(demand)).toBe('start 1: 340 items wait, about 4.2 s of work, target 1 s');
    expect(decide(demand, { active: 2 })).toMatch(/^start 2/);
    expect(decide({ waiting: 340, clearMs: 1200 }, { active: 5 })).toMatch(/^start 1/);
    expect(decide(demand, { active: 8 })).toMatch(/^start 2/);
    expect(decide(demand, { active: 10 })).toBeUndefined();
  });

  it('at most once in the target', () => {
    const growth = { ...QUIET, grownAt: 99_001 };
    expect(decide({ waiting: 340, clearMs: 4200 }, { growth })).toBeUndefined();
    expect(decide({ waiting: 340, clearMs: 4200 }, { growth: { ...growth, grownAt: 99_000 } })).toMatch(/^start/);
  });

  it('those that boot count: they will do their share', () => {
    const demand = { waiting: 340, clearMs: 4200 };
    expect(decide(demand, { active: 5, booting: 4 })).toBeUndefined();
    expect(decide(demand, { active: 4, booting: 3 })).toBe('start 1: 340 items wait, about 1.1 s of work, target 1 s');
  });

  it('never more than there are items', () => {
    expect(decide({ waiting: 2, clearMs: 60_000 }, { active: 5 })).toMatch(/^start 2/);
    expect(decide({ waiting: 2, clearMs: 60_000 }, { active: 5, booting: 1 })).toMatch(/^start 1/);
    expect(decide({ waiting: 2, clearMs: 60_000 }, { active: 5, booting: 2 })).toBeUndefined();
  });

  it('where the time cannot be told, when items have waited for the target and nobody is idle', () => {
    const demand = { waiting: 50, waitedMs: 1200 };
    const why = 'start 4: 50 items wait, work has waited for 1.2 s, and no consumer is idle, target 1 s';
    expect(decide(demand, { active: 4 })).toBe(why);
    expect(decide({ ...demand, waitedMs: 1000 }, { active: 4 })).toBeUndefined();
    expect(decide({ ...demand, idle: 1 }, { active: 4 })).toBeUndefined();
  });

  it('of a feeder that shows one item only, twice as many when what boots does not take it', () => {
    const demand = { waiting: 1, waitedMs: 1200 };
    expect(decide(demand, { active: 4 })).toMatch(/^start 4/);
    expect(decide(demand, { active: 4, booting: 1 })).toBeUndefined();
  });

  it('none where the number is fixed, and none when there are no more slots', () => {
    expect(decide({ waiting: 5 }, { active: 0, slots: 0 })).toBeUndefined();
  });
});

describe('fewer consumers', () => {
  it('those that the feeder offers, but never below the minimum', () => {
    expect(decide({ letGo: 2 }, { active: 4 })).toBe('let-go 2: nothing waits, they have been idle for 5 s');
    expect(decide({ letGo: 4 }, { active: 4 })).toMatch(/^let-go 3/);
    expect(decide({ letGo: 1 }, { active: 2 })).toBe('let-go 1: nothing waits, it has been idle for 5 s');
    expect(decide({ letGo: 1 }, { active: 1 })).toBeUndefined();
  });

  it('not while something waits', () => {
    expect(decide({ letGo: 2, waiting: 1, clearMs: 1 }, { active: 4 })).toBeUndefined();
  });

  it('not within twice the target of a start', () => {
    expect(decide({ letGo: 1 }, { active: 4, growth: { ...QUIET, startedAt: 98_001 } })).toBeUndefined();
    expect(decide({ letGo: 1 }, { active: 4, growth: { ...QUIET, startedAt: 98_000 } })).toMatch(/^let-go/);
  });

  it('not again before the feeder has answered, or has had its time for that', () => {
    const growth = { ...QUIET, letGo: 1, letGoAt: 96_000 };
    expect(decide({ letGo: 1 }, { active: 4, growth })).toBeUndefined();
    expect(decide({ letGo: 1 }, { active: 4, growth: { ...growth, letGoAt: 95_000 } })).toMatch(/^let-go 1/);
  });
});
