import { expect, it } from 'vitest';
import { ItemFailedError } from '../source/item-errors.js';
import { FeedItem } from './feed-item.js';
import { helloOf, PlayedFeed, rangesOf } from './played-feed.spec.helper.js';

/** A feed of one consumer that has items 1 to 3, has begun 1 and has heard of it. */
function begunFeed(settings = {}): PlayedFeed {
  const feed = PlayedFeed.with(3, settings);
  feed.connect(1);
  feed.begins(1, 1);
  feed.saidTo(1);
  return feed;
}

it('ready: goes to a consumer with room', () => {
  const feed = PlayedFeed.with(3);
  feed.connect(1);
  expect(feed.saidTo(1)).toEqual(['welcome', 'items 1 2 3']);
  expect(feed.state.held).toBe(3);
});

it('claimed, cannot be sent: it alone fails', () => {
  const feed = PlayedFeed.with(1);
  const reason = new ItemFailedError({ kind: 'invalid', message: 'too large' });
  feed.connect(1);
  feed.do({ type: 'claimed', items: [], invalid: [{ claimed: { item: 7 }, reason }], ended: false });
  expect(feed.outcomes).toEqual(['fail - invalid']);
  expect(feed.state.unsettled).toBe(0);
});

it('ready when the feeder stops: released', () => {
  const feed = PlayedFeed.with(2);
  feed.do({ type: 'stop' });
  expect(feed.outcomes).toEqual(['release 1', 'release 2']);
  expect(feed.take('finish')).toHaveLength(1);
  expect(feed.state.released).toBe(2);
});

it('given back: confirmed, and goes first to the next that has room', () => {
  const feed = PlayedFeed.with(3, { window: 2 });
  feed.connect(1);
  feed.connect(2, { id: 2 });
  expect(feed.saidTo(2)).toEqual(['welcome', 'items 3']);
  feed.claimed(1);
  feed.answers(1, { back: [2] });
  expect(feed.saidTo(1)).toEqual(['welcome', 'items 1 2', 'confirm 2', 'items 2']);
});

it('announced and given back all the same: handed out again', () => {
  const feed = begunFeed({ window: 3, itemTimeoutMs: 1000 });
  feed.answers(1, { back: [1] });
  expect(feed.saidTo(1)).toEqual(['confirm 1', 'items 1']);
  feed.advanceTo(2000);
  expect(feed.outcomes).toEqual([]);
});

it('announced, and listed as not begun in a hello: its time does not count', () => {
  const feed = begunFeed({ itemTimeoutMs: 1000 });
  feed.close(1);
  feed.connect(2, { id: 1, feeder: 'life', holds: [[1, 3]] });
  feed.advanceTo(2000);
  expect(feed.outcomes).toEqual([]);
});

it('done: told to the source, confirmed when that has taken it, then forgotten', () => {
  const feed = begunFeed();
  feed.settles = false;
  feed.answers(1, { done: [1] });
  expect(feed.outcomes).toEqual(['complete 1']);
  expect(feed.saidTo(1)).toEqual([]);
  feed.do({ type: 'settled', batch: feed.unsettled[0]! });
  expect(feed.saidTo(1)).toEqual(['confirm 1']);
  expect(feed.state.items.get(1)).toBeUndefined();
});

it('failed: told with the error of the handler', () => {
  const feed = begunFeed();
  feed.answers(1, { failed: [1] });
  const [effect] = feed.take('tell-source');
  expect(effect).toMatchObject({
    batch: { failed: [{ reason: { kind: 'error', message: 'broken 1', name: 'Error' } }] },
  });
  expect(feed.state.failed).toBe(1);
});

it('what the source throws is logged, the outcome counts all the same', () => {
  const feed = begunFeed();
  feed.settles = false;
  feed.answers(1, { done: [1] });
  feed.do({ type: 'settled', batch: feed.unsettled[0]!, problem: 'success threw' });
  expect(feed.take('log')).toMatchObject([{ level: 'error', message: 'success threw' }]);
  expect(feed.saidTo(1)).toEqual(['confirm 1']);
});

it('answered again by the same consumer while the source takes it: confirmed once, recorded once', () => {
  const feed = begunFeed();
  feed.settles = false;
  feed.answers(1, { done: [1] });
  feed.close(1);
  feed.connect(2, { id: 1, feeder: 'life', holds: [[2, 3]], answers: { done: [[1, 1]], failed: [], back: [] } });
  expect(feed.saidTo(2)).toEqual(['welcome']);
  feed.do({ type: 'settled', batch: feed.unsettled[0]! });
  expect(feed.saidTo(2)).toEqual(['confirm 1']);
  expect(feed.outcomes).toEqual(['complete 1']);
});

it('answered again after it was settled: confirmed, not recorded', () => {
  const feed = begunFeed();
  feed.answers(1, { done: [1] });
  feed.saidTo(1);
  feed.answers(1, { failed: [1] });
  expect(feed.saidTo(1)).toEqual(['confirm 1']);
  expect(feed.outcomes).toEqual(['complete 1']);
});

it('answered by a consumer that does not have it: confirmed, not recorded', () => {
  const feed = begunFeed();
  feed.connect(2, { id: 2 });
  feed.saidTo(2);
  feed.answers(2, { done: [1] });
  expect(feed.saidTo(2)).toEqual(['confirm 1']);
  expect(feed.outcomes).toEqual([]);
});

it('a closed connection changes nothing', () => {
  const feed = begunFeed();
  feed.close(1);
  expect(feed.outcomes).toEqual([]);
  expect(feed.state.held).toBe(3);
});

it('hello does not list it, sent: lost on its way, handed out again', () => {
  const feed = begunFeed();
  feed.close(1);
  feed.connect(2, { id: 1, feeder: 'life', holds: [[1, 2]], begun: [[1, 1]] });
  expect(feed.saidTo(2)).toEqual(['welcome', 'items 3']);
});

it('hello does not list it, begun: nobody knows', () => {
  const feed = begunFeed();
  feed.close(1);
  feed.connect(2, { id: 1, feeder: 'life', holds: [[2, 3]] });
  expect(feed.outcomes).toEqual(['fail 1 lost']);
});

it('hello lists it as begun: its time counts', () => {
  const feed = begunFeed({ itemTimeoutMs: 1000, concurrency: 2 });
  feed.close(1);
  feed.connect(2, { id: 1, feeder: 'life', holds: [[1, 3]], begun: [[1, 2]] });
  feed.advanceTo(1000);
  expect(feed.outcomes).toEqual(['fail 1 timeout', 'fail 2 timeout']);
});

it('its consumer is gone: begun is lost, the rest is handed out again', () => {
  const feed = begunFeed();
  feed.close(1);
  feed.gone(1);
  expect(feed.outcomes).toEqual(['fail 1 lost']);
  feed.connect(2, { id: 2 });
  expect(feed.saidTo(2)).toEqual(['welcome', 'items 2 3']);
});

it('its consumer is gone, and was not heard to its end: what it had not been heard to begin is lost as well', () => {
  const feed = begunFeed();
  feed.close(1, false);
  feed.gone(1);
  expect(feed.outcomes.toSorted()).toEqual(['fail 1 lost', 'fail 2 lost', 'fail 3 lost']);
});

it('its consumer is gone and was killed for another item: all of its items are handed out again', () => {
  const feed = begunFeed({ itemTimeoutMs: 1000, window: 3, concurrency: 3 });
  feed.now = 500;
  feed.begins(1, 2);
  feed.advanceTo(1400);
  feed.now = 1450;
  feed.begins(1, 3);
  feed.advanceTo(2200);
  expect(feed.take('kill-request')).toMatchObject([{ id: 1, incarnation: 1 }]);
  feed.close(1);
  feed.gone(1);
  expect(feed.outcomes).toEqual(['fail 1 timeout', 'fail 2 timeout']);
  feed.connect(2, { id: 2 });
  expect(feed.saidTo(2)).toEqual(['welcome', 'items 3']);
});

it('due: item_timeout counts from begun; failed, aborted, recalled; nothing is sent meanwhile', () => {
  const feed = begunFeed({ itemTimeoutMs: 1000 });
  feed.advanceTo(999);
  expect(feed.outcomes).toEqual([]);
  feed.claimed(1);
  feed.saidTo(1);
  feed.advanceTo(1000);
  expect(feed.outcomes).toEqual(['fail 1 timeout']);
  expect(feed.saidTo(1)).toEqual(['abort 1', 'recall']);
  feed.answers(1, { back: [2, 3, 4] });
  expect(feed.saidTo(1)).toEqual(['confirm 2 3 4']);
});

it('of a chunk that was announced only as many items have begun as are handled at once', () => {
  const feed = PlayedFeed.with(5, { itemTimeoutMs: 1000, concurrency: 2 });
  feed.connect(1);
  feed.begins(1, 1, 2, 3, 4);
  feed.advanceTo(900);
  feed.answers(1, { done: [2] });
  feed.advanceTo(1000);
  expect(feed.outcomes).toEqual(['complete 2', 'fail 1 timeout']);
  feed.advanceTo(1899);
  expect(feed.outcomes).toHaveLength(2);
  feed.advanceTo(1900);
  expect(feed.outcomes).toEqual(['complete 2', 'fail 1 timeout', 'fail 3 timeout']);
  feed.advanceTo(2000);
  expect(feed.take('kill-request')).toHaveLength(1);
  feed.close(1);
  feed.gone(1);
  feed.connect(2, { id: 2 });
  expect(feed.saidTo(2)).toEqual(['welcome', 'items 4 5']);
});

it('timed out, answered late: confirmed, not recorded', () => {
  const feed = begunFeed({ itemTimeoutMs: 1000 });
  feed.settles = false;
  feed.advanceTo(1000);
  feed.saidTo(1);
  feed.answers(1, { done: [1] });
  expect(feed.saidTo(1)).toEqual(['confirm 1']);
  expect(feed.outcomes).toEqual(['fail 1 timeout']);
});

it('a number that was never given is confirmed and forgotten', () => {
  const feed = begunFeed();
  feed.hear(1, { type: 'begun', ids: rangesOf([77]) }, { type: 'answers', done: [[50, 60]], failed: [], back: [] });
  expect(feed.saidTo(1)).toEqual(['confirm 50 51 52 53 54 55 56 57 58 59 60']);
});

it('adopted: what a consumer of the feeder before lists goes on, in new numbers', () => {
  const feed = PlayedFeed.with(1, { adopts: true, itemTimeoutMs: 1000 });
  const keys: [number, string][] = [
    [7, 'a'],
    [8, 'b'],
    [9, 'c'],
    [11, 'x'],
  ];
  const hello = helloOf({
    feeder: 'before',
    holds: [[7, 8]],
    begun: [[7, 7]],
    answers: { done: [[9, 9]], failed: [], back: [[11, 11]] },
    keys,
  });
  feed.do({ type: 'accepted', link: 1, peer: 'peer', identity: undefined });
  feed.hear(1, hello);
  const [asked] = feed.take('adopt');
  expect(asked).toMatchObject({ keys: ['a', 'b', 'c', 'x'] });
  feed.do({ type: 'adopted', link: 1, hello, items: itemsOf('a', 'b', 'c'), invalid: [] });
  expect(feed.saidTo(1)).toEqual(['welcome [[7,2],[8,3],[9,4]]', 'confirm 4', 'items 1']);
  expect(feed.outcomes).toEqual(['complete 4']);
  feed.advanceTo(1000);
  expect(feed.outcomes).toEqual(['complete 4', 'fail 2 timeout']);
});

it('adopted, and asked again after the welcome was lost: the source is not asked twice for the same', () => {
  const feed = PlayedFeed.with(0, { adopts: true });
  const hello = helloOf({ feeder: 'before', holds: [[7, 7]], keys: [[7, 'a']] });
  feed.connect(1, hello);
  feed.take('adopt');
  feed.close(1);
  feed.do({ type: 'adopted', link: 1, hello, items: itemsOf('a'), invalid: [] });
  feed.connect(2, { ...hello, id: 1 });
  expect(feed.take('adopt')).toMatchObject([{ keys: [] }]);
  feed.do({ type: 'adopted', link: 2, hello, items: [], invalid: [] });
  expect(feed.saidTo(2)).toEqual(['welcome [[7,1]]']);
  feed.answers(2, { done: [1] });
  expect(feed.outcomes).toEqual(['complete 1']);
});

function itemsOf(...keys: string[]): FeedItem[] {
  return keys.map((key) => new FeedItem({ item: key, key }, '"x"', 1));
}

it('adopted while a newer hello waits: what the older one lists does not count any more', () => {
  const feed = PlayedFeed.with(0, { adopts: true });
  const keys: [number, string][] = [
    [1, 'a'],
    [2, 'b'],
  ];
  const older = helloOf({ feeder: 'before', holds: [[1, 2]], keys });
  const answers = { done: [[1, 1] as const], failed: [], back: [] };
  const newer = helloOf({ feeder: 'before', holds: [[2, 2]], answers, keys });
  feed.connect(1, older);
  expect(feed.take('adopt')).toHaveLength(1);
  feed.close(1);
  feed.connect(2, newer);
  expect(feed.take('adopt')).toEqual([]);
  feed.do({ type: 'adopted', link: 1, hello: older, items: itemsOf('a', 'b'), invalid: [] });
  expect(feed.take('adopt')).toMatchObject([{ link: 2, keys: [] }]);
  feed.do({ type: 'adopted', link: 2, hello: newer, items: [], invalid: [] });
  expect(feed.saidTo(2)).toEqual(['welcome [[1,1],[2,2]]', 'confirm 1']);
  expect(feed.outcomes).toEqual(['complete 1']);
  expect(feed.state.held).toBe(1);
});
