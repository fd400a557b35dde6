import { describe, expect, it } from 'vitest';
import { processSpec } from '../testing/process-specs.js';
import type { ProcessChange } from './process-change.js';
import type { ProcessEvent } from './process-decision.js';
import { NOW } from './process-machine.spec.helper.js';
import { createRecord, type ProcessRecord } from './process-record.js';
import type { ProcessState } from './process-state.js';
import { decideRemoteProcess } from './remote-process-machine.js';

const EXIT = { code: 0, signal: null, reason: 'ended', forced: false } as const;

function recordIn(state: ProcessState): ProcessRecord {
  return { ...createRecord({ ...processSpec(), agent: 'somewhere' }), state };
}

function decide(record: ProcessRecord, event: ProcessEvent) {
  const [next, effects] = decideRemoteProcess(record, event, { now: NOW, maxProcessTimeout: 3, random: () => 0.5 });
  return { next, effects: effects.map((effect) => ('name' in effect ? effect.name : effect.type)) };
}

function reported(change: Partial<ProcessChange>): ProcessEvent {
  return { type: 'reported', change: { id: 1, state: 'running', incarnation: 1, ...change } };
}

describe('each event', () => {
  it.each([
    ['created', { type: 'wait' }, 'waiting', []],
    ['created', { type: 'start' }, 'starting', ['spawn']],
    ['waiting', { type: 'start' }, 'starting', ['spawn']],
    ['running', { type: 'start' }, 'running', []],
    ['waiting', { type: 'dependency-failed', group: 'Other' }, 'failed', ['log']],
    ['created', { type: 'stop' }, 'stopped', []],
    ['waiting', { type: 'kill' }, 'stopped', []],
    ['created', { type: 'unwant' }, 'stopped', []],
    ['running', { type: 'unwant' }, 'running', []],
    ['running', { type: 'stop' }, 'running', ['ask-to-stop']],
    ['running', { type: 'kill' }, 'running', ['kill']],
    ['backoff', { type: 'stop' }, 'backoff', ['ask-to-stop']],
    ['unreachable', { type: 'stop' }, 'unreachable', ['ask-to-stop']],
    ['running', { type: 'due' }, 'running', []],
    ['running', { type: 'exited', code: 0, signal: null }, 'running', []],
    ['stopped', { type: 'start' }, 'stopped', []],
    ['failed', { type: 'start' }, 'failed', []],
    ['created', { type: 'item-timeout', reason: 'x' }, 'created', []],
    ['running', { type: 'item-timeout', reason: 'x' }, 'running', ['item-timeout']],
    ['unreachable', { type: 'item-timeout', reason: 'x' }, 'unreachable', ['item-timeout']],
    ['stopped', { type: 'item-timeout', reason: 'x' }, 'stopped', []],
    ['failed', reported({ state: 'running' }), 'failed', []],
    ['created', { type: 'suspend' }, 'suspended', []],
    ['waiting', { type: 'suspend' }, 'suspended', []],
    ['running', { type: 'suspend' }, 'running', ['ask-to-stop']],
    ['backoff', { type: 'suspend' }, 'backoff', ['ask-to-stop']],
    ['unreachable', { type: 'suspend' }, 'unreachable', ['ask-to-stop']],
    // By its agent, half of whose lease is over.
    ['suspended', { type: 'suspend' }, 'suspended', ['ask-to-stop']],
    ['stopped', { type: 'suspend' }, 'stopped', []],
    ['failed', { type: 'suspend' }, 'failed', []],
    ['running', { type: 'resume' }, 'running', []],
    ['suspended', { type: 'resume' }, 'suspended', []],
    ['created', { type: 'recycle' }, 'created', []],
    ['waiting', { type: 'recycle' }, 'waiting', []],
    ['starting', { type: 'recycle' }, 'starting', ['ask-to-stop']],
    ['running', { type: 'recycle' }, 'running', ['ask-to-stop']],
    ['unreachable', { type: 'recycle' }, 'unreachable', ['ask-to-stop']],
    ['suspended', { type: 'recycle' }, 'suspended', ['ask-to-stop']],
    ['stopped', { type: 'recycle' }, 'backoff', ['ask-to-stop', 'spawn']],
    ['failed', { type: 'recycle' }, 'backoff', ['ask-to-stop', 'spawn']],
    ['stopped', { type: 'renew' }, 'created', ['ask-to-stop']],
    ['failed', { type: 'renew' }, 'created', ['ask-to-stop']],
    ['running', { type: 'renew' }, 'running', []],
    ['suspended', { type: 'renew' }, 'suspended', []],
    ['running', { type: 'force' }, 'running', []],
    ['created', { type: 'force' }, 'created', []],
    ['stopped', { type: 'force' }, 'stopped', []],
  ] as const)('%s, %j: %s', (from, event, to, effects) => {
    const decision = decide(recordIn(from), event);
    expect(decision.next.state).toBe(to);
    expect(decision.effects).toEqual(effects);
  });
});

describe('what its agent reports', () => {
  it('is taken over', () => {
    const { next, effects } = decide(
      recordIn('starting'),
      reported({ state: 'running', pid: 7, incarnation: 4, published: 'process_started' }),
    );
    expect(next).toMatchObject({ state: 'running', pid: 7, incarnation: 4, wasReady: true, seenAt: NOW });
    expect(effects).toEqual(['process_started']);
  });

  it('an exit is told with its evidence', () => {
    const change = { state: 'backoff', published: 'process_stopped', exit: EXIT } as const;
    expect(decide(recordIn('running'), reported(change)).effects).toEqual(['process_stopped']);
  });

  it('the exit of one that was lost is logged: its agent cannot do that', () => {
    const exit = { ...EXIT, reason: 'lost' } as const;
    const change = { state: 'unreachable', published: 'process_stopped', exit } as const;
    expect(decide(recordIn('unreachable'), reported(change)).effects).toEqual(['log', 'process_stopped']);
  });

  it('a stop that was asked for is wanted until it says that it has stopped', () => {
    const { next } = decide(recordIn('unreachable'), { type: 'stop' });
    expect(next).toMatchObject({ state: 'unreachable', unwanted: true });
    expect(decide(next, reported({ state: 'stopped' })).next.state).toBe('stopped');
  });

  it('a new agent that has not begun it may do so any moment', () => {
    const { next } = decide(recordIn('unreachable'), reported({ state: 'created' }));
    expect(decide(next, { type: 'stop' })).toMatchObject({ next: { state: 'starting' }, effects: ['ask-to-stop'] });
  });

  it('being out of reach is no sign of life', () => {
    const { next } = decide(recordIn('running'), reported({ state: 'unreachable' }));
    expect([next.state, next.seenAt]).toEqual(['unreachable', undefined]);
  });
});

describe('what was let go', () => {
  const letGo = { ...recordIn('stopped'), unwanted: true, endReason: 'stopped' } as const;

  it('may be wanted again', () => {
    const { next, effects } = decide(letGo, { type: 'start' });
    expect(next).toMatchObject({ state: 'starting', unwanted: false, endReason: undefined });
    expect(effects).toEqual(['spawn']);
  });

  it('and has not stopped yet, too: its agent starts it at its end', () => {
    const { next, effects } = decide({ ...letGo, state: 'stopping' }, { type: 'start' });
    expect([next.state, next.unwanted, effects]).toEqual(['stopping', false, ['spawn']]);
  });

  it('is asked once, however often that is decided', () => {
    const { next, effects } = decide(recordIn('running'), { type: 'stop' });
    expect(effects).toEqual(['ask-to-stop']);
    expect(decide(next, { type: 'stop' }).effects).toEqual([]);
    const killed = decide(next, { type: 'kill' });
    expect([killed.effects, decide(killed.next, { type: 'stop' }).effects]).toEqual([['kill'], []]);
  });

  it('but only because something else comes first, is asked when its turn comes', () => {
    const { next } = decide(recordIn('running'), { type: 'unwant' });
    expect(decide(next, { type: 'stop' }).effects).toEqual(['ask-to-stop']);
  });
});

/** What is decided one after the other; what has to be done, all of it. */
function decideAll(record: ProcessRecord, ...events: readonly ProcessEvent[]) {
  const effects: string[] = [];
  let next = record;
  for (const event of events) {
    const decision = decide(next, event);
    next = decision.next;
    effects.push(...decision.effects);
  }
  return { next, effects };
}

const SUSPEND = { type: 'suspend' } as const;
const RESUME = { type: 'resume' } as const;
const RECYCLE = { type: 'recycle' } as const;
const STOP = { type: 'stop' } as const;
const FORCE = { type: 'force' } as const;
const STOPPED = reported({ state: 'stopped', published: 'process_stopped', exit: EXIT });
const FAILED = reported({ state: 'failed', published: 'process_stopped', exit: EXIT });
const LOST = reported({ state: 'unreachable', published: 'process_stopped', exit: { ...EXIT, reason: 'lost' } });

describe('what is suspended', () => {
  const suspended = decideAll(recordIn('running'), SUSPEND, STOPPED).next;

  it('is when its agent has reported that it has stopped', () => {
    const { next, effects } = decideAll(recordIn('running'), SUSPEND, reported({ state: 'stopping' }), STOPPED);
    expect([next.state, effects]).toEqual(['suspended', ['ask-to-stop', 'process_stopped']]);
  });

  it('is asked once, and stays', () => {
    expect(decideAll(recordIn('running'), SUSPEND, SUSPEND).effects).toEqual(['ask-to-stop']);
    expect(decide(suspended, SUSPEND)).toEqual({ next: suspended, effects: [] });
    expect(decide(suspended, reported({ state: 'stopped' })).next.state).toBe('suspended');
  });

  it('is not by its agent, whose lease was half over, alone', () => {
    const { next } = decideAll(recordIn('unreachable'), SUSPEND, reported({ state: 'suspended' }));
    expect([next.state, decide(next, STOPPED).next.state]).toEqual(['stopping', 'suspended']);
  });

  it('may be killed', () => {
    const { next, effects } = decideAll(recordIn('running'), SUSPEND, FORCE, FORCE, STOPPED);
    expect([next.state, effects]).toEqual(['suspended', ['ask-to-stop', 'kill', 'process_stopped']]);
  });

  it('out of reach is when its host is back, or at the fence', () => {
    const { next } = decide(recordIn('unreachable'), SUSPEND);
    expect(decide(next, STOPPED).next.state).toBe('suspended');
    const lost = decideAll(next, LOST, reported({ state: 'stopped' }));
    expect([lost.next.state, lost.effects]).toEqual(['suspended', ['log', 'process_stopped']]);
  });

  it('runs when it is resumed', () => {
    const { next, effects } = decide(suspended, RESUME);
    expect([next.state, next.suspended, next.endReason, effects]).toEqual(['starting', false, undefined, ['spawn']]);
  });

  it('and resumed before it has stopped goes on, or starts again at its end: its agent knows', () => {
    const { next, effects } = decideAll(recordIn('running'), SUSPEND, FORCE, RESUME);
    expect([next.state, effects]).toEqual(['running', ['ask-to-stop', 'kill', 'spawn']]);
    expect(next).toMatchObject({ suspended: false, killed: false, endReason: undefined });
    expect(decide(next, reported({ state: 'backoff' })).next.state).toBe('backoff');
  });

  it.each(['stop', 'kill', 'unwant'] as const)('has stopped at once on %s', (type) => {
    expect(decide(suspended, { type })).toMatchObject({ next: { state: 'stopped', unwanted: true }, effects: [] });
  });

  it('and is to stop for good meanwhile has stopped when that is reported', () => {
    const { next, effects } = decideAll(recordIn('running'), SUSPEND, STOP, STOPPED);
    expect([next.state, effects]).toEqual(['stopped', ['ask-to-stop', 'process_stopped']]);
  });

  it('but had failed before its agent heard of that, has failed', () => {
    expect(decideAll(recordIn('running'), SUSPEND, FAILED).next.state).toBe('failed');
  });

  it('starts in its turn when it is renewed', () => {
    const { next, effects } = decideAll(suspended, { type: 'renew' }, { type: 'start' });
    expect([next.state, next.incarnation, effects]).toEqual(['starting', 1, ['spawn']]);
  });
});

describe('what is recycled', () => {
  it('is told to run again when its agent has reported that it has stopped', () => {
    const { next, effects } = decideAll(recordIn('running'), RECYCLE, RECYCLE, STOPPED);
    expect([next.state, effects]).toEqual(['backoff', ['ask-to-stop', 'process_stopped', 'spawn']]);
    expect(next).toMatchObject({ resumed: false, endReason: undefined });
  });

  it('also when it was only about to start, or has failed at that moment', () => {
    const waiting = decideAll(recordIn('backoff'), RECYCLE, reported({ state: 'stopped' }));
    expect([waiting.next.state, waiting.effects]).toEqual(['backoff', ['ask-to-stop', 'spawn']]);
    const failed = decideAll(recordIn('running'), RECYCLE, FAILED);
    expect([failed.next.state, failed.effects.at(-1)]).toEqual(['backoff', 'spawn']);
  });

  it('may be killed', () => {
    const { next, effects } = decideAll(recordIn('running'), RECYCLE, FORCE, STOPPED);
    expect([next.killed, effects]).toEqual([false, ['ask-to-stop', 'kill', 'process_stopped', 'spawn']]);
  });

  it('out of reach starts again after the fence', () => {
    const { next, effects } = decideAll(recordIn('unreachable'), RECYCLE, LOST, reported({ state: 'stopped' }));
    expect([next.state, effects.slice(1)]).toEqual(['backoff', ['log', 'process_stopped', 'spawn']]);
  });

  it('and is to stop meanwhile stays stopped', () => {
    const { next, effects } = decideAll(recordIn('running'), RECYCLE, STOP, STOPPED);
    expect([next.state, effects]).toEqual(['stopped', ['ask-to-stop', 'process_stopped']]);
  });

  it('and is suspended meanwhile is suspended; the other way round it starts', () => {
    expect(decideAll(recordIn('running'), RECYCLE, SUSPEND, STOPPED).next.state).toBe('suspended');
    const { next, effects } = decideAll(recordIn('running'), SUSPEND, RECYCLE, STOPPED);
    expect([next.state, effects.at(-1)]).toEqual(['backoff', 'spawn']);
    const settled = decideAll(recordIn('running'), SUSPEND, STOPPED, RECYCLE);
    expect([settled.next.state, settled.effects.at(-1)]).toEqual(['starting', 'spawn']);
  });
});

describe('a feeder', () => {
  it('that runs says whether it adopts', () => {
    const running = decide(recordIn('starting'), reported({ adopts: true })).next;
    expect(running.adopts).toBe(true);
    expect(decide(running, reported({ state: 'unreachable' })).next.adopts).toBe(true);
    expect(decide(running, reported({ incarnation: 2 })).next.adopts).toBe(false);
  });
});
