import { describe, expect, it } from 'vitest';
import type { AgentRecord } from '../agent-channel/agent-message.js';
import { Outbox } from './outbox.js';

/** Counts 1,000 bytes. */
function lines(text = ''): AgentRecord {
  return { type: 'lines', id: 1, level: 'log', lines: text.padEnd(799, '.') + '\n' };
}

const CHANGE: AgentRecord = { type: 'change', change: { id: 1, state: 'running', incarnation: 1 } };

function filled(count: number, maxBytes = 1e6, windowBytes = 1e6): Outbox {
  const outbox = new Outbox(maxBytes, windowBytes);
  for (let index = 0; index < count; index++) outbox.add(lines());
  return outbox;
}

function taken(outbox: Outbox): number[] {
  const sequences = [];
  for (let record = outbox.take(); record !== undefined; record = outbox.take()) sequences.push(record.sequence);
  return sequences;
}

describe('an outbox', () => {
  it('numbers records from 1 and gives each once', () => {
    const outbox = filled(3);
    expect(taken(outbox)).toEqual([1, 2, 3]);
    expect(taken(outbox)).toEqual([]);
    outbox.add(CHANGE);
    expect(outbox.take()).toEqual({ type: 'record', sequence: 4, record: CHANGE });
  });

  it('gives what was not confirmed again on a new link', () => {
    const outbox = filled(4);
    taken(outbox);
    outbox.confirm(2);
    outbox.rewind();
    expect(taken(outbox)).toEqual([3, 4]);
  });

  it('does not give what the master has from a link before', () => {
    const outbox = filled(4);
    taken(outbox);
    outbox.rewind();
    outbox.confirm(3);
    expect(taken(outbox)).toEqual([4]);
  });

  it('sends no more than a window ahead of the confirmations', () => {
    const outbox = filled(5, 1e6, 2000);
    expect(taken(outbox)).toEqual([1, 2]);
    outbox.confirm(1);
    expect(taken(outbox)).toEqual([3]);
    outbox.rewind();
    expect(taken(outbox)).toEqual([2, 3]);
  });

  it('sends a record that is larger than the window alone', () => {
    const outbox = filled(2, 1e6, 10);
    expect(taken(outbox)).toEqual([1]);
    outbox.confirm(1);
    expect(taken(outbox)).toEqual([2]);
  });

  it('is full beyond its limit, until enough was confirmed, and loses nothing', async () => {
    const outbox = filled(3, 3000);
    expect(outbox.full()).toBeUndefined();
    outbox.add(CHANGE);
    const full = outbox.full();
    expect(full).toBeInstanceOf(Promise);
    expect(taken(outbox)).toEqual([1, 2, 3, 4]);
    outbox.confirm(1);
    await full;
    expect(outbox.full()).toBeUndefined();
  });

  it('is empty when all was confirmed, also with a number that was never given', () => {
    const outbox = filled(2);
    expect(outbox.empty).toBe(false);
    outbox.confirm(1);
    expect(outbox.empty).toBe(false);
    outbox.confirm(99);
    expect(outbox.empty).toBe(true);
    outbox.add(CHANGE);
    expect(taken(outbox)).toEqual([3]);
  });

  it('keeps its order over many confirmations and links', () => {
    const outbox = new Outbox(1e9, 50_000);
    const received: number[] = [];
    for (let round = 0; round < 500; round++) {
      for (let index = 0; index < 7; index++) outbox.add(lines());
      if (round % 3 === 0) outbox.rewind();
      received.push(...taken(outbox).filter((sequence) => sequence > (received.at(-1) ?? 0)));
      outbox.confirm(received.at(-1)! - (round % 5));
    }
    expect(received).toEqual(Array.from({ length: 3500 }, (_, index) => index + 1));
  });

  it('counts what a feeder says of a consumer, however long it is', () => {
    const outbox = new Outbox(1000);
    const message = { type: 'kill-request', id: 2, incarnation: 1, reason: 'x'.repeat(1000) } as const;
    outbox.add({ type: 'queue', id: 1, incarnation: 1, message });
    expect(outbox.full()).toBeDefined();
  });
});
