import { describe, expect, it } from 'vitest';
import {
  NO_LEASE,
  decideLease,
  leaseDeadline,
  remainingMs,
  type Lease,
  type LeaseEvent,
  type LeasePhase,
} from './lease-machine.js';

/** A lease of 10 s that counts from 100 s. */
function lease(phase: LeasePhase): Lease {
  return { phase, leaseMs: 10_000, since: 100_000 };
}

const HELLO: LeaseEvent = { type: 'hello', leaseMs: 20_000 };
const BYE: LeaseEvent = { type: 'bye' };
const DUE: LeaseEvent = { type: 'due' };
const echo = (at: number): LeaseEvent => ({ type: 'echo', at });

type Row = readonly [LeasePhase, LeaseEvent, number, LeasePhase, readonly string[], number?];

const rows: readonly Row[] = [
  // A hello offers the lease: it counts, when it comes, from no earlier than now.
  ['none', HELLO, 105_000, 'offered', [], 105_000],
  ['offered', HELLO, 105_000, 'offered', [], 105_000],
  ['fenced', HELLO, 150_000, 'offered', [], 150_000],
  ['held', HELLO, 101_000, 'held', [], 100_000],
  ['half', HELLO, 106_000, 'half', [], 100_000],
  ['leaving', HELLO, 101_000, 'leaving', [], 100_000],
  // An echo renews from the time echoed, not from its receipt.
  ['none', echo(100_000), 101_000, 'none', []],
  ['offered', echo(100_000), 103_000, 'held', ['resume-all'], 100_000],
  ['offered', echo(99_999), 103_000, 'offered', [], 100_000],
  ['held', echo(103_000), 104_000, 'held', [], 103_000],
  ['half', echo(104_000), 106_000, 'held', ['resume-all'], 104_000],
  ['leaving', echo(104_000), 104_500, 'leaving', [], 100_000],
  ['fenced', echo(104_000), 104_500, 'fenced', [], 100_000],
  // Never into the future, never backwards.
  ['held', echo(104_001), 104_000, 'held', [], 100_000],
  ['held', echo(99_000), 104_000, 'held', [], 100_000],
  // One that comes so late that half of what it gives is over.
  ['half', echo(100_500), 106_000, 'half', [], 100_500],
  ['half', echo(100_000), 106_000, 'half', [], 100_000],
  ['offered', echo(100_000), 106_000, 'half', ['stop-all'], 100_000],
  ['offered', echo(100_000), 111_000, 'fenced', ['kill-all'], 100_000],
  // Time.
  ['held', DUE, 104_999, 'held', []],
  ['held', DUE, 105_000, 'half', ['stop-all']],
  ['held', DUE, 110_000, 'fenced', ['kill-all']],
  ['half', DUE, 109_999, 'half', []],
  ['half', DUE, 110_000, 'fenced', ['kill-all']],
  ['leaving', DUE, 110_000, 'fenced', ['kill-all']],
  ['none', DUE, 999_999, 'none', []],
  ['offered', DUE, 999_999, 'offered', []],
  ['fenced', DUE, 999_999, 'fenced', []],
  // Its end comes first: an agent that was frozen is fenced before it reads what waited for it.
  ['held', echo(104_000), 110_000, 'fenced', ['kill-all'], 100_000],
  ['half', echo(109_000), 110_000, 'fenced', ['kill-all'], 100_000],
  ['held', HELLO, 110_000, 'offered', ['kill-all'], 110_000],
  // Half of it does not: an echo that waited saves the processes.
  ['held', echo(105_500), 106_000, 'held', [], 105_500],
  // Goodbye.
  ['held', BYE, 101_000, 'leaving', ['stop-all']],
  ['half', BYE, 106_000, 'leaving', ['stop-all']],
  ['leaving', BYE, 101_000, 'leaving', []],
  ['none', BYE, 101_000, 'fenced', ['kill-all']],
  ['offered', BYE, 101_000, 'fenced', ['kill-all']],
  ['fenced', BYE, 101_000, 'fenced', []],
];

describe('a lease', () => {
  it.each(rows)('%s, %o at %i ms: %s, %j', (...row) => {
    const [phase, event, now, expected, effects, since = 100_000] = row as unknown as Row;
    const [next, done] = decideLease(lease(phase), event, now);
    expect([next.phase, done, next.since]).toEqual([expected, effects, since]);
  });

  it('has the length that the hello says', () => {
    expect(decideLease(NO_LEASE, HELLO, 0)[0].leaseMs).toBe(20_000);
  });

  it.each([
    ['held', 105_000],
    ['half', 110_000],
    ['leaving', 110_000],
    ['none', Infinity],
    ['offered', Infinity],
    ['fenced', Infinity],
  ] as const)('%s is looked at again at %d', (phase, at) => {
    expect(leaseDeadline(lease(phase))).toBe(at);
  });

  it.each([
    ['held', 103_000, 7000],
    ['half', 109_000, 1000],
    ['half', 111_000, 0],
    ['leaving', 103_000, 0],
    ['offered', 103_000, 0],
  ] as const)('%s at %i ms: %i ms are left to pass on to slaves', (phase, now, left) => {
    expect(remainingMs(lease(phase), now)).toBe(left);
  });
});
