import { describe, expect, it } from 'vitest';
import {
  createHostRecord,
  decideHost,
  fencedAt,
  hostDeadline,
  type HostEffect,
  type HostEvent,
  type HostPhase,
  type HostRecord,
} from './host-machine.js';

const NOW = 100_000;
const TENANT = { agent: 'a', place: 'here' };

/** Since 95 s in its state, last heard at 99 s, last echoed at 98 s, with a lease of 30 s: its fence is at 137.5 s. */
function recordIn(phase: HostPhase, changes: Partial<HostRecord> = {}): HostRecord {
  const connected = phase === 'connected' || phase === 'leaving';
  const times = { since: 95_000, dueAt: 101_000, heardAt: 99_000, echoedAt: 98_000 };
  const known = { tenant: connected ? TENANT : undefined, reachable: connected ? true : undefined, amends: connected };
  return { ...createHostRecord('SSH', 30_000), phase, ...times, ...known, ...changes };
}

function decide(record: HostRecord, event: HostEvent, now = NOW, random = 0.5) {
  const [next, effects] = decideHost(record, event, { now, random: () => random });
  return { next, effects: effects.map(told) };
}

function told(effect: HostEffect): string {
  switch (effect.type) {
    case 'send':
      return effect.what === 'echo' ? `send echo ${effect.at}` : `send ${effect.what}`;
    case 'enter':
      return effect.what;
    case 'log':
      return `${effect.level} ${effect.message}`;
    default:
      return effect.type;
  }
}

const RUN: HostEvent = { type: 'run' };
const LINKED: HostEvent = { type: 'linked' };
const FAILED: HostEvent = { type: 'failed', reason: 'ECONNREFUSED' };
const HELLO: HostEvent = { type: 'hello', agent: 'a', place: 'here', running: false, amends: true, at: 7 };
const REFUSED: HostEvent = { type: 'refused', reason: 'busy', message: 'x' };
const LEASE: HostEvent = { type: 'lease', at: 9 };
const HEARD: HostEvent = { type: 'heard' };
const WANT: HostEvent = { type: 'want' };
const TELL: HostEvent = { type: 'tell' };
const AMEND: HostEvent = { type: 'amend' };
const CLOSED: HostEvent = { type: 'closed', reason: 'ended' };
const DUE: HostEvent = { type: 'due' };
const CLOSE: HostEvent = { type: 'close' };

const MET = ['log Connected to host', 'back', 'send confirm'];
const GREETED = [...MET, 'send echo 7', 'send run', 'send want', 'send tell'];
const FAILURE = ['drop', 'error SSH connection failed: ECONNREFUSED', 'cut'];
const REFUSAL = ['drop', 'error SSH connection failed: the agent refused (busy): x', 'cut'];
const ENDED = ['drop', 'error SSH connection failed: ended', 'cut'];
const CUT = ['drop', 'warn Connection to host lost: ended', 'cut'];

describe('each event in each state', () => {
  type Row = readonly [HostPhase, HostEvent, HostPhase, readonly string[]];
  const rows: readonly Row[] = [
    ['idle', RUN, 'connecting', ['connect']],
    ['idle', LINKED, 'idle', []],
    ['idle', FAILED, 'idle', []],
    ['idle', HELLO, 'idle', []],
    ['idle', REFUSED, 'idle', []],
    ['idle', LEASE, 'idle', []],
    ['idle', WANT, 'idle', []],
    ['idle', AMEND, 'idle', []],
    ['idle', CLOSED, 'idle', []],
    ['idle', DUE, 'idle', []],
    ['idle', CLOSE, 'closed', ['drop', 'done']],
    ['connecting', RUN, 'connecting', []],
    ['connecting', LINKED, 'greeting', ['send hello']],
    ['connecting', FAILED, 'waiting', FAILURE],
    ['connecting', HELLO, 'connecting', []],
    ['connecting', WANT, 'connecting', []],
    ['connecting', AMEND, 'connecting', []],
    ['connecting', CLOSED, 'waiting', ENDED],
    ['connecting', DUE, 'connecting', []],
    ['connecting', CLOSE, 'closed', ['drop', 'done']],
    ['greeting', LINKED, 'greeting', []],
    ['greeting', FAILED, 'waiting', FAILURE],
    ['greeting', HELLO, 'connected', GREETED],
    ['greeting', REFUSED, 'waiting', REFUSAL],
    ['greeting', LEASE, 'greeting', []],
    ['greeting', WANT, 'greeting', []],
    ['greeting', AMEND, 'greeting', []],
    ['greeting', CLOSED, 'waiting', ENDED],
    ['greeting', DUE, 'greeting', []],
    ['greeting', CLOSE, 'closed', ['send bye', 'drop', 'done']],
    ['connected', RUN, 'connected', []],
    ['connected', LINKED, 'connected', []],
    ['connected', FAILED, 'connected', []],
    ['connected', HELLO, 'connected', []],
    ['connected', REFUSED, 'connected', []],
    ['connected', LEASE, 'connected', ['send echo 9']],
    ['connected', HEARD, 'connected', []],
    ['connected', WANT, 'connected', ['send want']],
    ['connected', TELL, 'connected', ['send tell']],
    ['connected', AMEND, 'connected', ['send run']],
    ['connected', CLOSED, 'waiting', CUT],
    ['connected', DUE, 'connected', []],
    ['connected', CLOSE, 'leaving', ['send bye']],
    ['leaving', RUN, 'leaving', []],
    ['leaving', LINKED, 'leaving', []],
    ['leaving', HELLO, 'leaving', []],
    ['leaving', LEASE, 'leaving', []],
    ['leaving', HEARD, 'leaving', []],
    ['leaving', WANT, 'leaving', []],
    ['leaving', AMEND, 'leaving', []],
    ['leaving', DUE, 'closed', ['drop', 'done']],
    ['leaving', CLOSED, 'closed', ['drop', 'done']],
    ['leaving', CLOSE, 'leaving', []],
    ['waiting', RUN, 'waiting', []],
    ['waiting', LINKED, 'waiting', []],
    ['waiting', FAILED, 'waiting', []],
    ['waiting', HELLO, 'waiting', []],
    ['waiting', WANT, 'waiting', []],
    ['waiting', AMEND, 'waiting', []],
    ['waiting', CLOSED, 'waiting', []],
    ['waiting', DUE, 'waiting', []],
    ['waiting', CLOSE, 'closed', ['drop', 'done']],
    ['closed', RUN, 'closed', []],
    ['closed', LINKED, 'closed', []],
    ['closed', HELLO, 'closed', []],
    ['closed', CLOSED, 'closed', []],
    ['closed', DUE, 'closed', []],
    ['closed', CLOSE, 'closed', []],
  ];

  it.each(rows)('%s, %o: %s, %j', (phase, event, expected, effects) => {
    const now = event.type === 'due' || phase !== 'leaving' ? NOW : NOW - 1;
    const { next, effects: done } = decide(recordIn(phase), event, now);
    expect([next.phase, done]).toEqual([expected, effects]);
  });
});

describe('time', () => {
  it.each([
    ['greeting', 105_000, 'the agent has not answered within 10 s', 'error SSH connection failed'],
    ['connected', 103_500, 'nothing was heard for 4.5 s', 'warn Connection to host lost'],
  ] as const)('%s is given up at %i ms: %s', (phase, at, reason, text) => {
    expect(hostDeadline(recordIn(phase))).toBe(at);
    expect(decide(recordIn(phase), DUE, at - 1).effects).toEqual([]);
    const { next, effects } = decide(recordIn(phase), DUE, at);
    expect([next.phase, effects]).toEqual(['waiting', ['drop', `${text}: ${reason}`, 'cut']]);
  });

  it('waiting is over when it is due', () => {
    expect(hostDeadline(recordIn('waiting'))).toBe(101_000);
    const { next, effects } = decide(recordIn('waiting'), DUE, 101_000);
    expect([next.phase, effects]).toEqual(['connecting', ['connect']]);
  });

  it('a link has 10 s of its own for the greeting, however long connecting took', () => {
    const { next } = decide(recordIn('connecting', { since: 0 }), LINKED);
    expect([next.phase, hostDeadline(next)]).toEqual(['greeting', NOW + 10_000]);
  });

  // Connecting ends by itself.
  it.each(['idle', 'connecting', 'closed'] as const)('%s waits for nothing', (phase) => {
    expect(hostDeadline(recordIn(phase))).toBe(Infinity);
  });

  it('leaving takes 5 s at most, whatever else would be due', () => {
    const leaving = recordIn('leaving', { since: NOW });
    expect(hostDeadline(leaving)).toBe(105_000);
    expect(decide(leaving, DUE, 104_999).effects).toEqual([]);
    expect(decide({ ...leaving, echoedAt: 0 }, DUE, 104_999).effects).toEqual([]);
  });

  it('any message ends the silence', () => {
    expect(hostDeadline(decide(recordIn('connected'), HEARD, 101_000).next)).toBe(105_500);
  });

  it('a lease given moves the fence to 1.25 x lease + 2 s from then', () => {
    expect(fencedAt(recordIn('connected'))).toBe(137_500);
    expect(fencedAt(decide(recordIn('connected'), LEASE, 103_000).next)).toBe(142_500);
  });
});

describe('trying again', () => {
  it('waits twice as long after each failure, up to 30 s', () => {
    const waits = [0, 1, 2, 3, 4, 5, 6, 100].map((failures) => {
      const { next } = decide(recordIn('connecting', { failures }), FAILED);
      return [next.failures, next.dueAt - NOW];
    });
    expect(waits.map(([, ms]) => ms)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    expect(waits.map(([count]) => count)).toEqual([1, 2, 3, 4, 5, 6, 7, 101]);
  });

  it.each([
    [0, 800],
    [1, 1200],
  ])('varies by a fifth: random %d gives %i ms', (random, ms) => {
    expect(decide(recordIn('connecting'), FAILED, NOW, random).next.dueAt - NOW).toBe(ms);
  });

  it('says only once that the host is out of reach', () => {
    const failed = decide(recordIn('connecting', { reachable: false }), FAILED);
    expect(failed.effects).toEqual(FAILURE.slice(0, -1));
  });

  it.each([
    ['29.9 s counts on', 70_100, 5],
    ['30 s begins again', 70_000, 1],
  ])('after a connection that held for %s', (_, since, failures) => {
    const connected = recordIn('connected', { since, failures: 4 });
    expect(decide(connected, CLOSED).next.failures).toBe(failures);
  });
});

describe('what lives there', () => {
  it('is known to be gone at the fence, while it waits', () => {
    const waiting = recordIn('waiting', { tenant: TENANT, reachable: false, dueAt: 150_000 });
    expect(hostDeadline(waiting)).toBe(137_500);
    expect(decide(waiting, DUE, 137_499).effects).toEqual([]);
    const { next, effects } = decide(waiting, DUE, 137_500);
    expect([next.phase, next.tenant, effects]).toEqual(['waiting', undefined, ['lost']]);
  });

  it('is known to be gone at the fence, while it connects', () => {
    const { next, effects } = decide(recordIn('connecting', { tenant: TENANT, since: 137_000 }), DUE, 137_500);
    expect([next.phase, effects]).toEqual(['connecting', ['lost']]);
  });

  it('is known to be gone at the fence, before anything that waited is heard', () => {
    const { next, effects } = decide(recordIn('connected', { heardAt: 137_000 }), LEASE, 137_500);
    const lost = ['drop', 'warn Connection to host lost: the lease was not renewed', 'cut', 'lost'];
    expect([next.phase, next.tenant, effects]).toEqual(['waiting', undefined, lost]);
  });

  it('goes on when the same agent answers before the fence', () => {
    const greeting = recordIn('greeting', { tenant: TENANT, reachable: false });
    const { next, effects } = decide(greeting, { ...HELLO, running: true });
    expect(effects).toEqual([...MET, 'send run', 'send want', 'send echo 7', 'send tell']);
    expect([next.tenant, fencedAt(next)]).toEqual([TENANT, NOW + 39_500]);
  });

  it('is told of no change by an agent that cannot be told: what it does not know is given up', () => {
    const greeting = recordIn('greeting', { tenant: TENANT, reachable: false });
    const { next, effects } = decide(greeting, { ...HELLO, running: true, amends: false });
    expect(effects).toEqual([...MET, 'send echo 7', 'send want', 'give-up', 'send tell']);
    expect(decide(next, AMEND).effects).toEqual(['give-up']);
    expect(decide(greeting, { ...HELLO, amends: false }).effects).toEqual(GREETED);
  });

  it('has ended when another agent answers in the same place', () => {
    const { next, effects } = decide(recordIn('greeting', { tenant: TENANT }), { ...HELLO, agent: 'b' });
    expect([next.phase, next.tenant]).toEqual(['connected', { agent: 'b', place: 'here' }]);
    expect(effects).toEqual(['lost', ...GREETED]);
  });

  it('is waited for when another agent answers in another place', () => {
    const greeting = recordIn('greeting', { tenant: TENANT });
    const { next, effects } = decide(greeting, { ...HELLO, agent: 'b', place: 'there' });
    expect([next.phase, next.tenant, next.dueAt]).toEqual(['waiting', TENANT, 137_500]);
    expect(effects).toEqual(['drop', 'warn Another agent answers: waiting until the lease of the one before is over']);
    expect(decide(next, DUE, 137_500).effects).toEqual(['lost', 'connect']);
  });

  it('is nothing when another agent answers after the fence', () => {
    const greeting = recordIn('greeting', { tenant: TENANT, since: 137_000 });
    const { next, effects } = decide(greeting, { ...HELLO, agent: 'b', place: 'there' }, 137_500);
    expect([next.phase, effects]).toEqual(['connected', ['lost', ...GREETED]]);
  });
});
