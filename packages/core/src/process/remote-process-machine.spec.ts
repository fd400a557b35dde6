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

describe('a feeder', () => {
  it('that runs says whether it adopts', () => {
    const running = decide(recordIn('starting'), reported({ adopts: true })).next;
    expect(running.adopts).toBe(true);
    expect(decide(running, reported({ state: 'unreachable' })).next.adopts).toBe(true);
    expect(decide(running, reported({ incarnation: 2 })).next.adopts).toBe(false);
  });
});
