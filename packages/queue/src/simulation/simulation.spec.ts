import { describe, expect, it, test } from 'vitest';
import { explore, report } from './explore.js';
import { drawSchedule, type Sabotage, type Schedule } from './schedule.js';
import { simulate } from './simulation.js';

const SCHEDULES = 2000;

test(`${SCHEDULES} schedules of deaths, freezes, cuts and stalls break no rule`, { timeout: 120_000 }, async () => {
  const failure = await explore({ seed: 1_000_000, schedules: SCHEDULES });
  expect(failure === undefined ? '' : await report(failure)).toBe('');
});

test('the same seed gives the same run, to the last detail', async () => {
  for (const seed of [7, 41, 232]) {
    const [first, second] = [await simulate(drawSchedule(seed), true), await simulate(drawSchedule(seed), true)];
    expect(first.trace.length).toBeGreaterThan(10);
    expect(second.trace).toEqual(first.trace);
  }
});

test('schedules come to all that they are to test', { timeout: 60_000 }, async () => {
  let traces = '';
  for (let seed = 1; seed <= 300; seed++) traces += (await simulate(drawSchedule(seed), true)).trace.join('\n');
  const outcomes = new Set([...traces.matchAll(/source: item \d+ (\S+)/g)].map(([, outcome]) => outcome));
  expect([...outcomes].toSorted()).toEqual(['complete', 'error', 'invalid', 'lost', 'release', 'timeout']);
  const faults = new Set([...traces.matchAll(/FAULT \{"type":"([a-z-]+)"/g)].map(([, type]) => type));
  expect([...faults].toSorted()).toEqual([
    'cut',
    'freeze-consumer',
    'freeze-feeder',
    'kill-consumer',
    'kill-feeder',
    'let-go',
    'slow-network',
    'stall',
    'stick',
    'stop-consumer',
    'stop-feeder',
    'stranger',
    'unreachable',
  ]);
  expect(traces).toMatch(/source: adopted \d+/);
  expect(traces).toMatch(/"adopted":\[\[\d+,\d+\]/);
  expect(traces).toMatch(/is to be killed/);
  expect(traces).toMatch(/"type":"recall"/);
  expect(traces).toMatch(/"back":\[\[/);
  expect(traces).toMatch(/Feeder has gone: not confirmed/);
  expect(traces).toMatch(/Nothing heard from consumer/);
  expect(traces).toMatch(/nothing was heard for/);
  expect(traces).toMatch(/Claiming items failed/);
  expect(traces).toMatch(/complete of the source threw/);
});

/** Far more outcomes than a slow source takes: rare in what is drawn, for it takes long. */
function flood(): Schedule {
  const items = { count: 12_000, large: 0, atOnce: true, invalid: 0 };
  const source = { adopts: false, slowMs: 0, settleMs: 30_000, throws: 0 };
  const consumers = { consumers: 4, concurrency: 5, window: 20, trouble: 0, guarded: false, itemTimeoutMs: 0 };
  return {
    ...drawSchedule(1),
    ...consumers,
    items,
    source,
    faults: [],
    end: 'source',
    endMs: 100,
    local: true,
  };
}

test('a source that does not keep up is not flooded', { timeout: 60_000 }, async () => {
  const { violation, steps } = await simulate(flood());
  expect(violation).toBeUndefined();
  expect(steps).toBeGreaterThan(12_000);
});

describe('the judge notices what is taken away', () => {
  const cases: [Sabotage, string[]][] = [
    ['answers-first', ['true-outcome']],
    ['give-back-off', ['ends', 'stop-waits', 'item-timeout', 'stop-ends']],
    ['hello-empty', ['no-double', 'true-outcome']],
    ['begun-late', ['begun-announced']],
    ['last-outcome-wins', ['one-outcome']],
    ['lost-early', ['no-double', 'one-outcome']],
    ['confirm-early', ['no-double']],
    ['wake-ups-lost', ['item-timeout', 'kill-request', 'ends']],
    ['items-lost', ['ends']],
    ['kill-requests-lost', ['ends', 'kill-request']],
    ['window-off', ['window']],
  ];
  it.each(cases)('%s', { timeout: 60_000 }, async (sabotage, rules) => {
    const failure = await explore({ seed: 1, schedules: 1000, sabotage });
    expect(rules).toContain(failure?.verdict.violation?.rule);
  });
});

test(
  'a failure is reported with its seed, the smallest schedule and what happens in it',
  { timeout: 60_000 },
  async () => {
    const failure = await explore({ seed: 1, schedules: 500, sabotage: 'begun-late' });
    const text = await report(failure!);
    expect(text).toContain(`npm run simulate -- --feed --seed ${failure!.seed} --schedules 1 --sabotage begun-late`);
    expect(text).toContain('breaks the rule begun-announced');
    expect(text).toContain('VIOLATION of begun-announced');
  },
);
