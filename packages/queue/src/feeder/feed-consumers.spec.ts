import { expect, it } from 'vitest';
import { answersOf, helloOf, PlayedFeed } from './played-feed.spec.helper.js';

it('hello, proven: welcome', () => {
  const feed = PlayedFeed.with(0);
  feed.connect(1);
  expect(feed.saidTo(1)).toEqual(['welcome']);
});

it('hello with a wrong key: refused, with a warning', () => {
  const feed = PlayedFeed.with(1, { prove: () => 'its key is wrong' });
  feed.connect(1);
  expect(feed.saidTo(1)).toEqual(['bye refused: its key is wrong', 'end']);
  expect(feed.take('complain')).toMatchObject([{ message: expect.stringContaining('peer 1') as string }]);
  feed.answers(1, { done: [1] });
  expect(feed.outcomes).toEqual([]);
});

it('hello of another version: refused', () => {
  const feed = PlayedFeed.with(1);
  feed.connect(1, { protocol: 99 });
  expect(feed.saidTo(1)).toEqual(['bye refused: version 1 of the protocol is spoken here, not 99', 'end']);
});

it('hello of an incarnation that is gone: refused', () => {
  const feed = PlayedFeed.with(1);
  feed.gone(1, 3);
  feed.connect(1, { incarnation: 3 });
  expect(feed.saidTo(1)).toEqual(['bye refused: this incarnation is over', 'end']);
  feed.connect(2, { id: 1, incarnation: 4 });
  expect(feed.saidTo(2)).toEqual(['welcome', 'items 1']);
});

it('hello of an incarnation that was followed: refused', () => {
  const feed = PlayedFeed.with(1);
  feed.connect(1, { incarnation: 2 });
  feed.connect(2, { id: 1, incarnation: 1 });
  expect(feed.saidTo(2)).toEqual(['bye refused: this incarnation is over', 'end']);
});

it('hello of the same incarnation: the older connection is cut, and nothing of it counts any more', () => {
  const feed = PlayedFeed.with(2);
  feed.connect(1);
  feed.saidTo(1);
  feed.connect(2, { id: 1, feeder: 'life', holds: [[1, 2]] });
  expect(feed.saidTo(1)).toEqual(['cut']);
  expect(feed.saidTo(2)).toEqual(['welcome']);
  feed.answers(1, { done: [1] });
  feed.close(1, false);
  expect(feed.outcomes).toEqual([]);
  feed.answers(2, { done: [1] });
  expect(feed.outcomes).toEqual(['complete 1']);
});

it('hello of a newer incarnation: the older is lost when its connection is read to its end', () => {
  const feed = PlayedFeed.with(2);
  feed.connect(1);
  feed.begins(1, 1);
  feed.connect(2, { id: 1, incarnation: 2 });
  feed.answers(1, { done: [1] });
  expect(feed.outcomes).toEqual(['complete 1']);
  feed.saidTo(2);
  feed.close(1);
  expect(feed.saidTo(2)).toEqual(['items 2']);
});

it('hello that knows another life of the feeder: what was sent to it is handed out again', () => {
  const feed = PlayedFeed.with(2);
  feed.connect(1);
  feed.close(1);
  feed.connect(2, { id: 1, feeder: 'before', holds: [[1, 9]], answers: { done: [[10, 12]], failed: [], back: [] } });
  expect(feed.saidTo(2)).toEqual(['welcome', 'items 1 2']);
  expect(feed.outcomes).toEqual([]);
});

it('consumer-gone while it is connected: read to its end, at most 5 s', () => {
  const feed = PlayedFeed.with(2);
  feed.connect(1);
  feed.begins(1, 1);
  feed.gone(1);
  feed.advanceTo(4000);
  feed.answers(1, { done: [1] });
  expect(feed.outcomes).toEqual(['complete 1']);
  feed.saidTo(1);
  feed.advanceTo(5000);
  expect(feed.saidTo(1)).toEqual(['cut']);
  expect(feed.outcomes).toEqual(['complete 1', 'fail 2 lost']);
});

it('silent for 10 s: nothing more is said, but it is heard, and forgotten after a minute', () => {
  const feed = PlayedFeed.with(1);
  feed.connect(1);
  feed.advanceTo(9999);
  expect(feed.saidTo(1)).toEqual(['welcome', 'items 1', 'ping', 'ping', 'ping', 'ping']);
  feed.advanceTo(10_000);
  expect(feed.saidTo(1)).toEqual(['end']);
  feed.begins(1, 1);
  feed.answers(1, { done: [1] });
  expect(feed.outcomes).toEqual(['complete 1']);
  feed.advanceTo(70_000);
  expect(feed.saidTo(1)).toEqual(['cut']);
  expect(feed.state.consumers.size).toBe(0);
});

it('a ping is heard', () => {
  const feed = PlayedFeed.with(0);
  feed.connect(1);
  feed.advanceTo(9000);
  feed.hear(1, { type: 'ping' });
  feed.advanceTo(18_900);
  expect(feed.saidTo(1)).not.toContain('end');
});

it('garbage: cut, with a warning; the consumer may come back', () => {
  const feed = PlayedFeed.with(1);
  feed.connect(1);
  feed.saidTo(1);
  feed.do({ type: 'garbled', link: 1, problem: 'no JSON' });
  expect(feed.saidTo(1)).toEqual(['cut']);
  expect(feed.take('complain')).toHaveLength(1);
  feed.connect(2, { id: 1, feeder: 'life', holds: [[1, 1]] });
  expect(feed.saidTo(2)).toEqual(['welcome']);
});

it('anything before hello, or hello twice: cut', () => {
  const feed = PlayedFeed.with(1);
  feed.do({ type: 'accepted', link: 1, peer: 'peer', identity: undefined });
  feed.hear(1, answersOf({ done: [1] }));
  expect(feed.saidTo(1)).toEqual(['cut']);
  feed.connect(2);
  feed.hear(2, helloOf({ id: 2 }), answersOf({ done: [1] }));
  expect(feed.saidTo(2)).toEqual(['welcome', 'items 1', 'cut']);
  expect(feed.outcomes).toEqual([]);
});

it('no hello for 5 s: cut', () => {
  const feed = PlayedFeed.with(0);
  feed.do({ type: 'accepted', link: 1, peer: 'peer', identity: undefined });
  feed.advanceTo(4999);
  expect(feed.saidTo(1)).toEqual([]);
  feed.advanceTo(5000);
  expect(feed.saidTo(1)).toEqual(['cut']);
});

it('aborting: gets items again when it has let go', () => {
  const feed = PlayedFeed.with(1, { itemTimeoutMs: 1000, window: 1 });
  feed.connect(1);
  feed.begins(1, 1);
  feed.advanceTo(1000);
  feed.claimed(1);
  feed.saidTo(1);
  feed.answers(1, { failed: [1] });
  expect(feed.saidTo(1)).toEqual(['confirm 1', 'items 2']);
  feed.advanceTo(3000);
  expect(feed.take('kill-request')).toEqual([]);
});

it('aborting: after abort_grace it is to be killed, said once', () => {
  const feed = PlayedFeed.with(1, { itemTimeoutMs: 1000 });
  feed.connect(1);
  feed.begins(1, 1);
  feed.advanceTo(1999);
  expect(feed.take('kill-request')).toEqual([]);
  feed.advanceTo(9000);
  expect(feed.take('kill-request')).toMatchObject([
    { id: 1, incarnation: 1, reason: expect.stringContaining('1') as string },
  ]);
});

it('disconnected while an item times out: aborted and recalled after its welcome', () => {
  const feed = PlayedFeed.with(2, { itemTimeoutMs: 1000, abortGraceMs: 5000 });
  feed.connect(1);
  feed.begins(1, 1);
  feed.close(1);
  feed.advanceTo(1000);
  expect(feed.outcomes).toEqual(['fail 1 timeout']);
  feed.connect(2, { id: 1, feeder: 'life', holds: [[1, 2]], begun: [[1, 1]] });
  expect(feed.saidTo(2)).toEqual(['welcome', 'abort 1', 'recall']);
});

it('let go: who has been idle for longest leaves, and gets nothing more', () => {
  const feed = PlayedFeed.with(0, { maxIdleMs: 1000 });
  feed.connect(1);
  feed.now = 10;
  feed.connect(2, { id: 2 });
  feed.do({ type: 'let-go', count: 1 });
  expect(feed.take('leaving')).toMatchObject([{ id: 1, incarnation: 1 }]);
  feed.claimed(3);
  expect(feed.saidTo(1)).toEqual(['welcome']);
  expect(feed.saidTo(2)).toEqual(['welcome', 'items 1 2 3']);
});

it('let go: only who may be chosen leaves', () => {
  const feed = PlayedFeed.with(0, { maxIdleMs: 1000 });
  for (const id of [1, 2, 3]) feed.connect(id, { id });
  feed.do({ type: 'let-go', count: 2, among: [2, 9] });
  expect(feed.take('leaving')).toMatchObject([{ id: 2 }]);
});

it('let go: busy consumers stay', () => {
  const feed = PlayedFeed.with(1);
  feed.connect(1);
  feed.do({ type: 'let-go', count: 5 });
  expect(feed.take('leaving')).toEqual([]);
});

it('another is idle: what has waited for 200 ms with a busy one is called back and handed out anew', () => {
  const feed = PlayedFeed.with(3);
  feed.connect(1);
  feed.begins(1, 1);
  feed.connect(2, { id: 2 });
  feed.saidTo(1);
  feed.advanceTo(199);
  expect(feed.saidTo(1)).toEqual([]);
  feed.advanceTo(300);
  expect(feed.saidTo(1)).toEqual(['recall']);
  feed.answers(1, { back: [2, 3] });
  expect(feed.saidTo(2)).toEqual(['welcome', 'items 2 3']);
});

it('bye: answered in kind, and forgotten when it has nothing', () => {
  const feed = PlayedFeed.with(0);
  feed.connect(1);
  feed.saidTo(1);
  feed.hear(1, { type: 'bye', reason: 'stopping' });
  expect(feed.saidTo(1)).toEqual(['bye: goodbye', 'end']);
  feed.close(1);
  expect(feed.state.consumers.size).toBe(0);
});

it('above 10,000 connections: cut', () => {
  const feed = PlayedFeed.with(0);
  for (let link = 1; link <= 10_001; link++) feed.do({ type: 'accepted', link, peer: 'peer', identity: undefined });
  expect(feed.take('cut')).toEqual([{ type: 'cut', link: 10_001 }]);
});

it('while too much is unsent nothing is sent', () => {
  const feed = PlayedFeed.with(0);
  feed.connect(1);
  feed.do({ type: 'choked', link: 1 });
  feed.claimed(1);
  expect(feed.saidTo(1)).toEqual(['welcome']);
  feed.do({ type: 'unchoked', link: 1 });
  expect(feed.saidTo(1)).toEqual(['items 1']);
});

it('says that it is stopping: gets nothing more, also after a cut; what it gives back goes to others', () => {
  const feed = PlayedFeed.with(2);
  feed.connect(1);
  feed.saidTo(1);
  feed.hear(1, { type: 'stopping' });
  feed.answers(1, { back: [1, 2] });
  expect(feed.saidTo(1)).toEqual(['confirm 1 2']);
  feed.close(1);
  feed.connect(2, { id: 1, feeder: 'life' });
  expect(feed.saidTo(2)).toEqual(['welcome']);
  feed.connect(3, { id: 2 });
  expect(feed.saidTo(3)).toContain('welcome');
  expect(feed.saidTo(2)).toEqual([]);
});

it('a hello says that it is stopping: welcome, and no items', () => {
  const feed = PlayedFeed.with(2);
  feed.connect(1, { stopping: true });
  expect(feed.saidTo(1)).toEqual(['welcome']);
});

it('bye while items are on their way to it: they go to others', () => {
  const feed = PlayedFeed.with(2);
  feed.connect(1);
  feed.hear(1, { type: 'bye', reason: 'stopped' });
  feed.close(1);
  feed.connect(2, { id: 2 });
  expect(feed.saidTo(2)).toEqual(['welcome', 'items 1 2']);
});

it('who has given back what was called back goes last, until it has answered something', () => {
  const feed = PlayedFeed.with(1, { maxIdleMs: 1000 });
  feed.connect(1);
  feed.connect(2, { id: 2 });
  feed.advanceTo(300);
  feed.saidTo(2);
  feed.answers(1, { back: [1] });
  expect(feed.saidTo(2)).toEqual(['items 1']);
});
