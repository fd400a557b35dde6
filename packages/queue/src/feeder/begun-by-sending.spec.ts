import { expect, it } from 'vitest';
import type { FeedEffect } from './feed-event.js';
import { PlayedFeed } from './played-feed.spec.helper.js';

/** Items 1 to 3, of which the only consumer has begun the first when it comes. */
function supposedFeed(settings = {}): PlayedFeed {
  const feed = PlayedFeed.with(3, settings);
  feed.connect(1, { announces: false });
  return feed;
}

function begunOf(feed: PlayedFeed): number[] {
  const isItems = (effect: FeedEffect) => effect.type === 'say-items';
  return feed.take('say-items').flatMap((effect) => (isItems(effect) ? [effect.begun] : []));
}

it('a consumer that has nothing begins as many as it handles at once; one that has something begins none', () => {
  const feed = supposedFeed({ concurrency: 2 });
  feed.claimed(2);
  expect(begunOf(feed)).toEqual([2, 0]);
});

it('a consumer that announces all begins none', () => {
  const feed = PlayedFeed.with(3);
  feed.connect(1, { announces: true });
  expect(begunOf(feed)).toEqual([0]);
});

it('its time counts from the sending, also when the consumer announces it all the same', () => {
  const feed = supposedFeed({ itemTimeoutMs: 1000 });
  feed.now = 500;
  feed.begins(1, 1);
  feed.advanceTo(1000);
  expect(feed.outcomes).toEqual(['fail 1 timeout']);
});

it('hello does not list it: it was never received, and is handed out again', () => {
  const feed = supposedFeed();
  feed.close(1);
  feed.connect(2, { id: 1, feeder: 'life' });
  expect(feed.outcomes).toEqual([]);
  expect(feed.saidTo(2)).toEqual(['welcome', 'items 1 2 3']);
});

it('announced all the same, and hello does not list it: nobody knows', () => {
  const feed = supposedFeed();
  feed.begins(1, 1);
  feed.close(1);
  feed.connect(2, { id: 1, feeder: 'life', holds: [[2, 3]] });
  expect(feed.outcomes).toEqual(['fail 1 lost']);
});

it('hello lists it as begun, and a later one not at all: nobody knows', () => {
  const feed = supposedFeed();
  feed.close(1);
  feed.connect(2, { id: 1, feeder: 'life', holds: [[1, 3]], begun: [[1, 1]] });
  feed.close(2);
  feed.connect(3, { id: 1, feeder: 'life', holds: [[2, 3]] });
  expect(feed.outcomes).toEqual(['fail 1 lost']);
});

it('hello lists it, but not as begun: its time does not count', () => {
  const feed = supposedFeed({ itemTimeoutMs: 1000 });
  feed.close(1);
  feed.connect(2, { id: 1, feeder: 'life', holds: [[1, 3]] });
  feed.advanceTo(2000);
  expect(feed.outcomes).toEqual([]);
});

it('its consumer is gone: it may have begun it', () => {
  const feed = supposedFeed();
  feed.close(1);
  feed.gone(1);
  expect(feed.outcomes).toEqual(['fail 1 lost']);
  feed.connect(2, { id: 2 });
  expect(feed.saidTo(2)).toEqual(['welcome', 'items 2 3']);
});

it('given back, or its consumer says bye: handed out again', () => {
  const feed = supposedFeed();
  feed.saidTo(1);
  feed.answers(1, { back: [1] });
  expect(feed.saidTo(1)).toEqual(['confirm 1', 'items 1']);
  const other = supposedFeed();
  other.hear(1, { type: 'bye', reason: 'stopped' });
  other.connect(2, { id: 2 });
  expect(other.saidTo(2)).toEqual(['welcome', 'items 1 2 3']);
  expect([...feed.outcomes, ...other.outcomes]).toEqual([]);
});

it('who has given one back is sent none as begun, until it announces one: a handler of a feeder before may keep it busy', () => {
  const feed = supposedFeed({ window: 1 });
  feed.answers(1, { back: [1] });
  feed.begins(1, 1);
  feed.answers(1, { done: [1] });
  expect(begunOf(feed)).toEqual([1, 0, 1]);
});
