import { expect, it } from 'vitest';
import type { DemandOfFeeder } from '../agent-channel/agent-message.js';
import { NO_DEMAND } from '../launcher/queue-fleet.spec.helper.js';
import { ManualClock } from '../testing/manual-clock.js';
import { DemandRelay } from './demand-relay.js';

function setUp() {
  const clock = new ManualClock();
  const sent: string[] = [];
  const room = { free: true };
  const send = ({ id, demand }: DemandOfFeeder): boolean => {
    if (room.free) sent.push(`${id}: ${demand.waiting}`);
    return room.free;
  };
  const relay = new DemandRelay({ clock, send });
  const add = (id: number, waiting: number): void => relay.add(id, 1, { ...NO_DEMAND, waiting });
  return { clock, sent, room, relay, add };
}

it('passes the first on at once, then the latest of each feeder, at most every 100 ms', () => {
  const { clock, sent, add } = setUp();
  for (const waiting of [1, 2, 3]) add(1, waiting);
  add(5, 7);
  expect(sent).toEqual(['1: 1', '5: 7']);
  clock.advance(99);
  add(1, 4);
  expect(sent).toHaveLength(2);
  clock.advance(1);
  expect(sent).toEqual(['1: 1', '5: 7', '1: 4']);
  expect(clock.waiting).toBe(0);
});

it('waits for room, and sends then what is latest', () => {
  const { sent, room, relay, add, clock } = setUp();
  room.free = false;
  add(1, 1);
  add(1, 2);
  clock.advance(1000);
  expect(sent).toEqual([]);
  room.free = true;
  relay.pump();
  relay.pump();
  expect(sent).toEqual(['1: 2']);
});

it('of a feeder that has ended gives out what was not sent, once', () => {
  const { relay, add, clock, sent } = setUp();
  add(1, 1);
  expect(relay.takeLast(1)).toBeUndefined();
  add(1, 2);
  add(1, 3);
  expect(relay.takeLast(1)?.demand.waiting).toBe(3);
  clock.advance(1000);
  expect(sent).toEqual(['1: 1', '1: 2']);
});
