import { describe, expect, it, test } from 'vitest';
import type { ExitReason } from '../process/process-exit.js';
import { explore, report } from './explore.js';
import { OPERATION_KINDS, type OperationKind } from './operations.js';
import { drawSchedule, type Sabotage } from './schedule.js';
import { simulate } from './simulation.js';

const SCHEDULES = 2500;

const SCHEDULES_OF_A_KIND = 200;

/** With operations as without. */
const again = (seed: number) => simulate(drawSchedule(seed, { operations: seed % 2 === 0 ? 'none' : 'mixed' }), true);

const REASONS: ExitReason[] = [
  'ended',
  'stopped',
  'timeout',
  'start-timeout',
  'stop-timeout',
  'memory-limit',
  'max-age',
  'item-timeout',
  'lost',
  'killed',
  'spawn-failed',
];

/** Kinds of faults. */
const FAULT_TYPES = 22;

test(`${SCHEDULES} schedules of crashes, freezes, kills and restarts break no rule`, { timeout: 120_000 }, async () => {
  const failure = await explore({ seed: 1_000_000, schedules: SCHEDULES });
  expect(failure === undefined ? '' : await report(failure)).toBe('');
});

test.each(OPERATION_KINDS.filter((kind) => kind !== 'none' && kind !== 'mixed'))(
  'schedules in which an operator asks for %s break no rule',
  { timeout: 120_000 },
  async (operations) => {
    const failure = await explore({ seed: 2_000_000, schedules: SCHEDULES_OF_A_KIND, operations });
    expect(failure === undefined ? '' : await report(failure)).toBe('');
  },
);

test('the same seed gives the same run, to the last detail', async () => {
  for (const seed of [7, 41, 232]) {
    const [first, second] = [await again(seed), await again(seed)];
    expect(first.trace.length).toBeGreaterThan(20);
    expect(second.trace).toEqual(first.trace);
  }
});

test('operations come to all that they are to test', { timeout: 60_000 }, async () => {
  let traces = '';
  for (let seed = 1; seed <= 300; seed++)
    traces += (await simulate(drawSchedule(seed, { operations: 'mixed' }), true)).trace.join('\n');
  for (const change of ['restart', 'scale']) {
    expect(traces).toContain(`${change} is over: {"result":{}}`);
    expect(traces).toContain(`${change} is over: {"code":"CHANGE_FAILED"}`);
  }
  expect(traces).toMatch(/reload is over: .*"completed":true/);
  expect(traces).toMatch(/reload is over: .*"completed":false/);
  expect(traces).toMatch(/apply is over: .*"completed":true/);
  expect(traces).toMatch(/apply is over: .*"rolledBack":true/);
  expect(traces).toMatch(/fails: Not now: a \w+ is under way/);
  expect(traces).toMatch(/Suspending.../);
  expect(traces).toMatch(/Resuming.../);
  for (const action of ['start', 'stop', 'restart', 'scale', 'update'])
    expect(traces).toContain(`"action":"${action}"`);
});

test('schedules come to all that they are to test', { timeout: 60_000 }, async () => {
  let traces = '';
  for (let seed = 1; seed <= 400; seed++) traces += (await simulate(drawSchedule(seed), true)).trace.join('\n');
  const ends = new Set([...traces.matchAll(/publishes process_stopped \S+ (\S+)/g)].map(([, reason]) => reason));
  expect([...ends].toSorted()).toEqual(REASONS.toSorted());
  const faults = new Set([...traces.matchAll(/FAULT \{"type":"([a-z-]+)"/g)].map(([, type]) => type));
  expect(faults.size).toBe(FAULT_TYPES);
  expect(traces).toMatch(/watchdog of master \d+ closes run/);
  expect(traces).toMatch(/Ends what run \d+ has left/);
  expect(traces).toMatch(/is refused/);
  expect(traces).toMatch(/given up/);
  expect(traces).toMatch(/Not started: group/);
  expect(traces).toMatch(/Waits until its consumers have finished/);
  expect(traces).toMatch(/Starting \d consumers?: .* target/);
  expect(traces).toMatch(/Letting go/);
  expect(traces).toMatch(/Has not finished the items of its dead feeder/);
  expect(traces).toMatch(/All consumers have failed/);
  expect(traces).toMatch(/The lease is over, killing all that is left/);
  expect(traces).toMatch(/Timeout waiting for clean shutdown, force kill/);
});

describe('the judge notices what is taken away', () => {
  const cases: [Sabotage, string[], OperationKind?][] = [
    ['journal-off', ['nothing-left', 'no-orphan', 'one-life']],
    ['watchdog-off', ['no-orphan']],
    ['closed-flag-off', ['no-orphan', 'nothing-left', 'one-life']],
    ['start-times-off', ['right-victim']],
    ['lock-off', ['nothing-left', 'one-life']],
    ['time-outs-off', ['give-up']],
    ['restarts-off', ['give-up']],
    ['dependencies-off', ['dependencies']],
    ['wake-ups-lost', ['no-lost-wake-up', 'stop-ends']],
    ['exits-lost', ['stop-ends', 'one-exit']],
    ['lines-lost', ['lines']],
    ['agent-fence-off', ['over-means-dead', 'one-life', 'nothing-left']],
    ['master-fence-off', ['over-means-dead', 'one-life', 'nothing-left']],
    ['watchdog-lease-off', ['over-means-dead', 'one-life']],
    ['records-lost', ['lines', 'one-exit', 'stop-ends']],
    ['notices-dropped', ['notices', 'kill-request', 'no-lost-wake-up']],
    ['stop-order-off', ['stop-order']],
    ['adoption-pretended', ['drained']],
    ['drains-early', ['drained']],
    ['notices-lost', ['notices']],
    ['kill-requests-lost', ['kill-request']],
    ['leaving-forged', ['let-go']],
    ['maximum-off', ['consumer-count']],
    ['minimum-off', ['consumer-count']],
    ['suspensions-lost', ['suspended'], 'suspend'],
    ['resumed-unasked', ['suspended'], 'suspend'],
    ['stop-first-off', ['one-shard'], 'reload'],
    ['start-first-off', ['start-first'], 'reload'],
    ['reload-pretended', ['replaced'], 'reload'],
    ['configuration-altered', ['configured'], 'scale'],
    ['changes-unsettled', ['change-ends', 'one-change'], 'mixed'],
    ['amendments-lost', ['stop-ends', 'configured', 'change-ends'], 'scale'],
    ['retirements-lost', ['forgotten', 'one-shard', 'nothing-left', 'change-ends'], 'scale'],
  ];
  it.each(cases)('%s', { timeout: 60_000 }, async (sabotage, rules, operations = 'none') => {
    const failure = await explore({ seed: 1, schedules: 2000, sabotage, operations });
    expect(rules).toContain(failure?.verdict.violation?.rule);
  });
});

test(
  'a failure is reported with its seed, the smallest schedule and what happens in it',
  { timeout: 60_000 },
  async () => {
    const failure = await explore({ seed: 1, schedules: 500, sabotage: 'watchdog-off' });
    const text = await report(failure!);
    expect(text).toContain(`npm run simulate -- --seed ${failure!.seed} --schedules 1`);
    expect(text).toContain('breaks the rule no-orphan');
    expect(text).toMatch(/FAULT .*"kill-master/);
    expect(text).toContain('VIOLATION of no-orphan');
  },
);
