import { describe, expect, it } from 'vitest';
import type { Wanted } from '../agent-channel/terms.js';
import type { ProcessChange, PublishedChange } from '../process/process-change.js';
import type { ProcessState } from '../process/process-state.js';
import { group, listProcesses } from '../testing/process-specs.js';
import { HostLedger } from './host-ledger.js';

const EXIT = { code: 1, signal: null, reason: 'ended', forced: false } as const;

/** A ledger of two processes, both wanted; an agent is there unless said otherwise. */
function ledger({ connected = true } = {}) {
  const told: string[] = [];
  const specs = listProcesses([group({ local: { instancesCount: 2 } })]);
  const book = new HostLedger(specs, (change) => void told.push(text(change)));
  let generation = 0;
  const want = (first: Wanted, second: Wanted = 'run'): void =>
    book.want(
      new Map([
        [1, first],
        [2, second],
      ]),
      ++generation,
    );
  want('run');
  if (connected) book.back();
  const since = (action: () => void): string[] => {
    told.length = 0;
    action();
    return [...told];
  };
  const hear = (id: number, state: ProcessState, incarnation: number, published?: PublishedChange): void =>
    book.hear(change(id, state, incarnation, published), generation);
  return { book, want, since, hear };
}

function change(id: number, state: ProcessState, incarnation: number, published?: PublishedChange): ProcessChange {
  const event = published === undefined ? {} : { published };
  return { id, state, incarnation, ...event, ...(published === 'process_stopped' ? { exit: EXIT } : {}) };
}

function text({ id, state, incarnation, published, exit }: ProcessChange): string {
  return [`${id}.${incarnation} ${state}`, published, exit?.reason].filter((part) => part !== undefined).join(' ');
}

describe('what the agent says', () => {
  it('is told', () => {
    const { since, hear } = ledger();
    const told = since(() => {
      hear(1, 'starting', 1);
      hear(1, 'starting', 1, 'process_started');
      hear(1, 'running', 1);
      hear(1, 'running', 1, 'process_timedout');
      hear(1, 'backoff', 1, 'process_stopped');
      hear(1, 'starting', 2, 'process_started');
    });
    expect(told).toEqual([
      '1.1 starting',
      '1.1 starting process_started',
      '1.1 running',
      '1.1 running process_timedout',
      '1.1 backoff process_stopped ended',
      '1.2 starting process_started',
    ]);
  });

  it('is told also of what could not be started', () => {
    const { since, hear } = ledger();
    expect(since(() => hear(1, 'backoff', 1, 'process_stopped'))).toEqual(['1.1 backoff process_stopped ended']);
  });

  it('is not told of a process that is not of this host', () => {
    const { since, hear } = ledger();
    expect(since(() => hear(3, 'running', 1))).toEqual([]);
  });

  it('implies an end that was not reported', () => {
    const { since, hear } = ledger();
    hear(1, 'starting', 1, 'process_started');
    expect(since(() => hear(1, 'starting', 2, 'process_started'))).toEqual([
      '1.1 unreachable process_stopped lost',
      '1.2 starting process_started',
    ]);
  });
});

describe('a cut', () => {
  it('makes unreachable what lives or is to', () => {
    const { book, since, hear, want } = ledger();
    hear(1, 'running', 1, 'process_started');
    want('stop', 'run');
    expect(since(() => book.cut())).toEqual(['1.1 unreachable', '2.0 unreachable']);
  });

  it('leaves alone what is over', () => {
    const { book, since, hear } = ledger();
    hear(1, 'failed', 1, 'process_stopped');
    expect(since(() => book.cut())).toEqual(['2.0 unreachable']);
  });

  it('ends with the states as they were', () => {
    const { book, since, hear } = ledger();
    hear(1, 'running', 1, 'process_started');
    book.cut();
    expect(since(() => book.back())).toEqual(['1.1 running', '2.0 created']);
    expect(since(() => book.back())).toEqual([]);
  });
});

describe('a loss', () => {
  it('is the exit of all that had started', () => {
    const { book, since, hear } = ledger();
    hear(1, 'running', 4, 'process_started');
    book.cut();
    expect(since(() => book.lost())).toEqual(['1.4 unreachable process_stopped lost']);
    expect(since(() => book.lost())).toEqual([]);
    expect(since(() => book.back())).toEqual(['1.4 created', '2.0 created']);
  });

  it('lets the next agent count on from what is known', () => {
    const { book, hear } = ledger();
    hear(1, 'running', 4, 'process_started');
    book.lost();
    expect(book.specs.map(({ firstIncarnation }) => firstIncarnation)).toEqual([1005, 1]);
  });

  it('is not told again by the agent when it comes back', () => {
    const { book, since, hear } = ledger();
    hear(1, 'running', 1, 'process_started');
    book.cut();
    book.lost();
    book.back();
    const told = since(() => {
      hear(1, 'running', 1, 'process_timedout');
      hear(1, 'suspended', 1, 'process_stopped');
      hear(1, 'starting', 2, 'process_started');
    });
    expect(told).toEqual(['1.1 running', '1.1 suspended', '1.2 starting process_started']);
  });

  it('ends what was to stop', () => {
    const { book, since, hear, want } = ledger();
    hear(1, 'stopping', 1, 'process_started');
    want('stop', 'kill');
    book.cut();
    expect(since(() => book.lost())).toEqual(['1.1 unreachable process_stopped lost', '1.1 stopped', '2.0 stopped']);
  });
});

describe('what is wanted', () => {
  it('is what the launcher said', () => {
    const { book, want } = ledger();
    want('stop');
    expect(book.wanted).toEqual({ 1: 'stop', 2: 'run' });
    book.want(new Map([[2, 'kill']]), 9);
    expect(book.wanted).toEqual({ 2: 'kill' });
  });

  it('is not what has ended for good by itself, also of another agent', () => {
    const { book, hear } = ledger();
    hear(1, 'stopped', 1, 'process_stopped');
    expect(book.wanted).toEqual({ 2: 'run' });
    book.lost();
    expect(book.wanted).toEqual({ 2: 'run' });
  });

  it('is again what ended because it was to', () => {
    const { book, hear, want } = ledger();
    want('stop');
    hear(1, 'stopped', 1, 'process_stopped');
    want('run');
    expect(book.wanted).toEqual({ 1: 'run', 2: 'run' });
  });

  it('has stopped at once where nothing lives', () => {
    const { since, want } = ledger({ connected: false });
    expect(since(() => want('stop', 'run'))).toEqual(['1.0 stopped']);
    expect(since(() => want('stop', 'kill'))).toEqual(['2.0 stopped']);
  });

  it('waits for the agent, or for the fence, where something may live', () => {
    const { book, since, want } = ledger();
    book.cut();
    expect(since(() => want('stop', 'kill'))).toEqual([]);
    expect(since(() => book.lost())).toEqual(['1.0 stopped', '2.0 stopped']);
  });
});

describe('a feeder', () => {
  function feederLedger() {
    const specs = listProcesses([{ name: 'Queue', command: 'work', consumers: { local: {} } }]);
    const book = new HostLedger(specs, () => {});
    book.want(new Map([[1, 'run']]), 9);
    book.back();
    return book;
  }

  it('that has run is wanted on a new agent only when it is cleared', () => {
    const book = feederLedger();
    expect(book.wanted).toEqual({ 1: 'run' });
    book.hear(change(1, 'starting', 1, 'process_started'));
    book.lost();
    expect([book.wanted, book.cleared]).toEqual([{}, {}]);
    book.clear(1, 1);
    expect([book.wanted, book.cleared]).toEqual([{ 1: 'run' }, { 1: 1 }]);
  });

  it('that is not cleared is still asked to stop', () => {
    const book = feederLedger();
    book.hear(change(1, 'starting', 1, 'process_started'));
    book.want(new Map([[1, 'stop']]), 9);
    expect(book.wanted).toEqual({ 1: 'stop' });
  });
});

describe('what was let go and is wanted again', () => {
  it('runs on a new agent, too', () => {
    const { book, want, hear } = ledger();
    want('stop');
    hear(1, 'stopped', 1);
    want('run');
    book.lost();
    expect(book.wanted).toEqual({ 1: 'run', 2: 'run' });
  });

  it('while the host is out of reach is unreachable', () => {
    const { book, want, since, hear } = ledger();
    want('stop');
    hear(1, 'stopped', 1);
    book.cut();
    expect(since(() => want('run'))).toEqual(['1.0 unreachable']);
    expect(since(() => book.back())).toContain('1.0 created');
  });
});

/** A third process. */
const MORE = { ...listProcesses([group({ local: { instancesCount: 3 } })])[2]! };

describe('what is added', () => {
  it('is told to the next agent, counted on from what is known', () => {
    const { book, hear } = ledger();
    hear(1, 'running', 4, 'process_started');
    book.add([MORE]);
    expect(book.specs.map(({ spec, firstIncarnation }) => `${spec.id}.${firstIncarnation}`)).toEqual([
      '1.5',
      '2.1',
      '3.1',
    ]);
  });

  it('while the host is out of reach is unreachable when it is wanted', () => {
    const { book, since } = ledger();
    book.cut();
    book.add([MORE]);
    const told = since(() => book.want(new Map([[3, 'run']]), 9));
    expect(told).toEqual(['3.0 unreachable']);
    expect(since(() => book.back())).toContain('3.0 created');
  });

  it('fails where the agent takes no more than at first; what it knows goes on', () => {
    const { book, since } = ledger();
    book.told();
    book.add([MORE]);
    book.want(
      new Map([
        [1, 'run'],
        [3, 'run'],
      ]),
      2,
    );
    let given: number[] = [];
    expect(since(() => (given = book.giveUp().map(({ id }) => id)))).toEqual(['3.0 failed']);
    expect([given, book.wanted, book.giveUp()]).toEqual([[3], { 1: 'run' }, []]);
  });
});

describe('what is forgotten', () => {
  it('is not wanted, nor told to an agent, and whatever that still tells is ignored', () => {
    const { book, since, hear } = ledger();
    hear(1, 'running', 1, 'process_started');
    book.forget(1);
    const told = since(() => {
      hear(1, 'running', 1);
      hear(1, 'stopped', 1, 'process_stopped');
      book.cut();
      book.lost();
    });
    expect([told, book.has(1), book.wanted]).toEqual([['2.0 unreachable'], false, { 2: 'run' }]);
    expect(book.specs.map(({ spec }) => spec.id)).toEqual([2]);
  });

  it('may be forgotten because of what is told', () => {
    const told: string[] = [];
    const book: HostLedger = new HostLedger(listProcesses([group({ local: { instancesCount: 2 } })]), (each) => {
      told.push(text(each));
      if (each.state === 'stopped') book.forget(each.id);
    });
    book.want(
      new Map([
        [1, 'stop'],
        [2, 'stop'],
      ]),
      1,
    );
    expect([told, book.specs]).toEqual([['1.0 stopped', '2.0 stopped'], []]);
  });
});

describe('what is over and wanted again', () => {
  it.each(['stopped', 'failed'] as const)(
    '%s by itself, too, starts again when a stop was wanted in between',
    (state) => {
      const { book, want, hear } = ledger();
      hear(1, state, 3, 'process_stopped');
      want('stop');
      want('run');
      expect([book.wanted, book.again]).toEqual([{ 1: 'run', 2: 'run' }, { 1: 3 }]);
    },
  );

  it('is asked for until its agent has carried that out', () => {
    const { book, want, hear } = ledger();
    hear(1, 'failed', 3, 'process_stopped');
    want('stop');
    want('run');
    book.hear(change(1, 'failed', 3), 2);
    expect(book.again).toEqual({ 1: 3 });
    hear(1, 'starting', 4, 'process_started');
    expect(book.again).toEqual({});
  });

  it('is, when the stop was wanted since the last time only', () => {
    const { book, hear } = ledger();
    hear(1, 'failed', 3, 'process_stopped');
    const wanted = new Map<number, Wanted>([
      [1, 'run'],
      [2, 'run'],
    ]);
    book.want(wanted, 2);
    expect(book.again).toEqual({});
    book.want(wanted, 3, new Set([1]));
    expect(book.again).toEqual({ 1: 3 });
  });

  it('and at once to stop again, is over: its agent has nothing to say about that', () => {
    const { book, since, hear } = ledger();
    hear(1, 'stopped', 3, 'process_stopped');
    const wanted = new Map<number, Wanted>([
      [1, 'stop'],
      [2, 'run'],
    ]);
    book.want(wanted, 2);
    expect(since(() => book.want(wanted, 3))).toEqual([]);
    expect(since(() => book.want(wanted, 4, new Set([1, 2])))).toEqual(['1.3 stopped']);
  });

  it('and then to stop is asked for what has become of it, once: its agent may have heard of both or of one', () => {
    const { book, since, want, hear } = ledger();
    want('stop');
    hear(1, 'stopped', 3, 'process_stopped');
    want('run');
    expect(since(() => want('stop'))).toEqual([]);
    expect([book.wanted, book.again]).toEqual([{ 1: 'stop', 2: 'run' }, { 1: 4 }]);
    want('kill');
    expect(book.again).toEqual({ 1: 4 });
    expect(since(() => hear(1, 'stopped', 3))).toEqual(['1.3 stopped']);
    expect(book.again).toEqual({});
    want('stop');
    expect(book.again).toEqual({});
  });

  it('starts again when its end is told before its agent has heard of that', () => {
    const { book, since, want, hear } = ledger();
    hear(1, 'running', 1, 'process_started');
    want('stop');
    want('run');
    const told = since(() => book.hear(change(1, 'stopped', 1, 'process_stopped'), 2));
    expect([told, book.wanted]).toEqual([['1.1 backoff process_stopped ended'], { 1: 'run', 2: 'run' }]);
  });

  it('has ended for good when that is told after its agent has heard of it', () => {
    const { book, since, want, hear } = ledger();
    hear(1, 'running', 1, 'process_started');
    want('stop');
    want('run');
    expect(since(() => hear(1, 'stopped', 1, 'process_stopped'))).toEqual(['1.1 stopped process_stopped ended']);
    expect([book.wanted, book.again]).toEqual([{ 2: 'run' }, {}]);
  });
});
