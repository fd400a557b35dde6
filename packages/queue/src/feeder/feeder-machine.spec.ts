import { expect, it } from 'vitest';
import { demandOf } from './demand.js';
import { FeedItem } from './feed-item.js';
import { PlayedFeed } from './played-feed.spec.helper.js';

it('claims one item while there is no consumer', () => {
  const feed = new PlayedFeed();
  feed.do({ type: 'start' });
  expect(feed.take('claim')).toEqual([{ type: 'claim', max: 1 }]);
  feed.claimed(1);
  expect(feed.take('claim')).toEqual([]);
});

it('claims nothing before it is started', () => {
  const feed = new PlayedFeed();
  feed.gone(1);
  expect(feed.effects).toEqual([]);
});

it('claims what windows have room for, one claim at a time, then one ahead', () => {
  const feed = new PlayedFeed();
  feed.do({ type: 'start' });
  feed.connect(1);
  feed.connect(2, { id: 2 });
  feed.take('claim');
  feed.claimed(1);
  expect(feed.take('claim')).toEqual([{ type: 'claim', max: 19 }]);
  feed.claimed(19);
  expect(feed.take('claim')).toEqual([{ type: 'claim', max: 1 }]);
});

it('claims at most 10,000 at once', () => {
  const feed = new PlayedFeed({ window: 50_000 });
  feed.connect(1);
  feed.do({ type: 'start' });
  expect(feed.take('claim')).toEqual([{ type: 'claim', max: 10_000 }]);
});

it('asks an empty source again after the poll interval; says so once in 10 s', () => {
  const feed = PlayedFeed.with(0);
  expect(feed.take('log')).toEqual([{ type: 'log', level: 'log', message: 'Feeder queue is empty' }]);
  feed.take('claim');
  feed.advanceTo(999);
  expect(feed.take('claim')).toEqual([]);
  feed.advanceTo(1000);
  expect(feed.take('claim')).toHaveLength(1);
  feed.claimed(0);
  expect(feed.take('log')).toEqual([]);
});

it('asks an empty source at once when it is woken, also in the midst of a claim', () => {
  const feed = PlayedFeed.with(0);
  feed.take('claim');
  feed.do({ type: 'wake' });
  expect(feed.take('claim')).toHaveLength(1);
  feed.do({ type: 'wake' });
  feed.claimed(0);
  feed.advanceTo(1);
  expect(feed.take('claim')).toHaveLength(1);
});

it('logs a claim that threw, and asks again after the poll interval, doubling to 30 s', () => {
  const feed = new PlayedFeed();
  feed.do({ type: 'start' });
  const times: number[] = [];
  for (let count = 0; count < 7; count++) {
    times.push(feed.now);
    feed.do({ type: 'claim-failed', problem: 'get threw', ended: false });
    feed.take('claim');
    while (feed.take('claim').length === 0) feed.advanceTo(feed.now + 500);
  }
  expect(times).toEqual([0, 1000, 3000, 7000, 15_000, 31_000, 61_000]);
  expect(feed.take('log')).toHaveLength(7);
});

it('reads no more answers while 10,000 outcomes are not settled; no time-out counts then', () => {
  const feed = PlayedFeed.with(10_002, { window: 20_000, itemTimeoutMs: 1000 });
  feed.settles = false;
  feed.connect(1);
  feed.hear(1, { type: 'begun', ids: [[1, 10_002]] }, { type: 'answers', done: [[1, 10_001]], failed: [], back: [] });
  expect(feed.take('pause-reading')).toHaveLength(1);
  feed.advanceTo(30_000);
  feed.do({ type: 'settled', batch: feed.unsettled[0]! });
  expect(feed.take('resume-reading')).toHaveLength(1);
  feed.advanceTo(30_900);
  expect(feed.state.failed).toBe(0);
  feed.advanceTo(31_000);
  expect(feed.state.failed).toBe(1);
});

it('an ended source ends the feeder when nothing is ready, held or unsettled', () => {
  const feed = new PlayedFeed();
  feed.settles = false;
  feed.do({ type: 'start' });
  feed.connect(1);
  feed.claimed(1, { ended: true });
  feed.answers(1, { done: [1] });
  expect(feed.take('finish')).toEqual([]);
  feed.do({ type: 'settled', batch: feed.unsettled[0]! });
  expect(feed.take('finish')).toHaveLength(1);
  expect(feed.saidTo(1)).toEqual(['welcome', 'items 1', 'confirm 1', 'bye: ended', 'end']);
});

it('an ended source with items of a consumer that is away: it waits for it', () => {
  const feed = new PlayedFeed();
  feed.do({ type: 'start' });
  feed.connect(1);
  feed.claimed(1, { ended: true });
  feed.begins(1, 1);
  feed.close(1);
  expect(feed.take('finish')).toEqual([]);
  feed.gone(1);
  expect(feed.outcomes).toEqual(['fail 1 lost']);
  expect(feed.take('finish')).toHaveLength(1);
});

it('an iteration that threw: the feeder has failed', () => {
  const feed = new PlayedFeed();
  feed.do({ type: 'start' });
  feed.do({ type: 'claim-failed', problem: 'the file cannot be read', ended: true });
  expect(feed.take('finish')).toHaveLength(1);
  expect(feed.state.sourceFailed).toBe(true);
});

it('stop: recalls, hands out nothing, waits for what is begun, releases the rest', () => {
  const feed = PlayedFeed.with(3);
  feed.connect(1);
  feed.begins(1, 1);
  feed.saidTo(1);
  feed.do({ type: 'stop' });
  feed.claimed(1);
  expect(feed.saidTo(1)).toEqual(['recall']);
  feed.answers(1, { back: [2, 3] });
  expect(feed.saidTo(1)).toEqual(['confirm 2 3']);
  feed.answers(1, { done: [1] });
  expect(feed.outcomes).toEqual(['complete 1', 'release 2', 'release 3', 'release 4']);
  expect(feed.saidTo(1)).toEqual(['confirm 1', 'bye: the feeder stops', 'end']);
  expect(feed.take('finish')).toHaveLength(1);
});

it('stop before the start: over at once', () => {
  const feed = new PlayedFeed();
  feed.do({ type: 'stop' });
  expect(feed.take('finish')).toHaveLength(1);
});

it('shares a batch fairly, and gives to those that have nothing first', () => {
  const feed = PlayedFeed.with(0, { window: 100 });
  for (const link of [1, 2, 3, 4]) feed.connect(link);
  feed.claimed(2);
  expect([1, 2, 3, 4].map((link) => feed.saidTo(link).length)).toEqual([2, 2, 1, 1]);
  feed.claimed(2);
  expect([1, 2, 3, 4].map((link) => feed.saidTo(link))).toEqual([[], [], ['items 3'], ['items 4']]);
  feed.claimed(8);
  expect([1, 2, 3, 4].map((link) => feed.saidTo(link))).toEqual([
    ['items 5 6'],
    ['items 7 8'],
    ['items 9 10'],
    ['items 11 12'],
  ]);
});

it('on demand gives to who worked last, so that others become idle for long', () => {
  const feed = PlayedFeed.with(0, { maxIdleMs: 5000 });
  feed.connect(1);
  feed.connect(2, { id: 2 });
  feed.claimed(1);
  feed.answers(2, { done: [1] });
  feed.claimed(1);
  expect(feed.saidTo(1)).toEqual(['welcome']);
});

it('a consumer has at most 1 MiB unanswered, or one larger item', () => {
  const feed = PlayedFeed.with(0, { window: 100 });
  feed.connect(1);
  const item = (size: number): FeedItem => new FeedItem({ item: size }, Buffer.alloc(size), 1);
  const items = [item(2_000_000), item(10), item(500_000), item(500_000), item(500_000)];
  feed.do({ type: 'claimed', items, invalid: [], ended: false });
  expect(feed.saidTo(1)).toEqual(['welcome', 'items 1']);
  feed.answers(1, { done: [1] });
  expect(feed.saidTo(1)).toEqual(['confirm 1', 'items 2 3', 'items 4']);
});

it('refills a busy window in large portions', () => {
  const feed = PlayedFeed.with(100, { window: 80 });
  feed.connect(1);
  feed.saidTo(1);
  feed.answers(1, { done: [1, 2, 3] });
  expect(feed.saidTo(1)).toEqual(['confirm 1 2 3']);
  feed.answers(1, { done: [4, 5, 6, 7, 8, 9, 10] });
  expect(feed.saidTo(1)).toEqual(['confirm 4 5 6 7 8 9 10', 'items 81 82 83 84 85 86 87 88 89 90']);
});

it('tells its demand', () => {
  const feed = PlayedFeed.with(30, { maxIdleMs: 1000, window: 10 });
  feed.connect(1);
  feed.connect(2, { id: 2 });
  expect(demandOf(feed.state, 5, 40)).toMatchObject({
    waiting: 15,
    held: 20,
    consumers: 2,
    idle: 0,
    letGo: 0,
    waitedMs: 40,
  });
  expect(demandOf(feed.state, 5, 40)).not.toHaveProperty('clearMs');
  feed.now = 100;
  feed.answers(1, { done: [1, 2, 3, 4, 5] });
  expect(demandOf(feed.state, 0, 100)).toMatchObject({ waiting: 5, clearMs: 100, done: 5 });
});

it('of a source that does not tell its size, tells since when work waits instead of the time to clear it', () => {
  const feed = PlayedFeed.with(30, { window: 1 });
  feed.connect(1);
  const waited = (): number => demandOf(feed.state, undefined, feed.now).waitedMs;
  feed.now = 500;
  feed.answers(1, { done: [1] });
  feed.now = 900;
  feed.answers(1, { done: [2] });
  expect(demandOf(feed.state, undefined, 900)).not.toHaveProperty('clearMs');
  expect(waited()).toBe(900);
  feed.now = 1000;
  feed.connect(2, { id: 2 });
  expect(waited()).toBe(0);
});

it('offers who has had nothing for max_idle_time', () => {
  const feed = PlayedFeed.with(0, { maxIdleMs: 1000 });
  feed.connect(1);
  feed.now = 500;
  feed.connect(2, { id: 2 });
  expect(demandOf(feed.state, undefined, 999).letGo).toBe(0);
  expect(demandOf(feed.state, undefined, 1000).letGo).toBe(1);
  expect(demandOf(feed.state, undefined, 1500).letGo).toBe(2);
});
