import { HANDLING_BUCKETS } from '@distributed-architecture/core';
import { expect, it } from 'vitest';
import { HandlingMeter, LaneMeter } from './handling-meter.js';

/** How many are in the bucket up to so many seconds. */
function upTo(meter: HandlingMeter, seconds: number): number {
  return meter.times.counts[HANDLING_BUCKETS.indexOf(seconds)]!;
}

interface PlayedLane {
  readonly meter: HandlingMeter;
  /** How often the clock was looked at. */
  looks(): number;
  handle(ms: number, count?: number): void;
}

function playLane(): PlayedLane {
  const meter = new HandlingMeter();
  const lane = new LaneMeter(meter);
  let now = 1000;
  let looks = 0;
  lane.begin(now);
  return {
    meter,
    looks: () => looks,
    handle(ms, count = 1) {
      for (let i = 0; i < count; i++) {
        now += ms;
        if (!lane.settled()) continue;
        looks++;
        lane.measure(now);
      }
    },
  };
}

it('an item is counted in the first bucket that it fits into, and in the last when it fits into none', () => {
  const meter = new HandlingMeter();
  for (const ms of [0, 1, 1.1, 5, 300_000, 300_001]) meter.add(ms);
  expect(meter.times.counts).toEqual([2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
  expect(meter.times.sum).toBeCloseTo(600.0081, 6);
});

it('quick items are measured eight at a time, after the first ones', () => {
  const lane = playLane();
  lane.handle(0.01, 64);
  expect(lane.looks()).toBe(64);
  lane.handle(0.01, 800);
  expect(lane.looks()).toBe(164);
  expect(upTo(lane.meter, 0.001)).toBe(864);
  expect(lane.meter.times.sum).toBeCloseTo(0.00864, 6);
});

it('a slow item among quick ones is found, and those after it are measured one by one', () => {
  const lane = playLane();
  lane.handle(0.01, 64);
  lane.handle(0.01, 3);
  lane.handle(400);
  lane.handle(0.01, 4);
  expect(upTo(lane.meter, 0.5)).toBe(1);
  expect(upTo(lane.meter, 0.001)).toBe(71);
  const before = lane.looks();
  lane.handle(40, 20);
  expect(lane.looks() - before).toBe(20);
  expect(upTo(lane.meter, 0.05)).toBe(20);
});

it('items that take a little less than the first bucket never count as more', () => {
  const lane = playLane();
  lane.handle(0.9, 1000);
  expect(upTo(lane.meter, 0.001)).toBe(1000);
});

it('a pause counts for no item', () => {
  const meter = new HandlingMeter();
  const lane = new LaneMeter(meter);
  lane.begin(0);
  lane.settled();
  expect(lane.isBehind).toBe(true);
  lane.measure(2);
  lane.begin(5000);
  lane.settled();
  lane.measure(5003);
  expect(meter.times).toMatchObject({ sum: 0.005 });
});
