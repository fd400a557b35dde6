import { consumerKey, type DemandMessage } from '@distributed-architecture/core';
import { expect, it } from 'vitest';
import { encodeMessage } from '../protocol/encode.js';
import type { FeederLike } from '../source/feeder.js';
import type { ItemSource } from '../source/item-source.js';
import { toSource } from '../source/to-source.js';
import { ManualClock } from '../testing/manual-clock.js';
import { RecordingLogger } from '../testing/recording-logger.js';
import { proofBy } from './authentication.js';
import { FeederEngine, type FeederEngineOptions } from './feeder-engine.js';
import { answersOf, helloOf, SETTINGS } from './played-feed.spec.helper.js';
import { PlayedLink } from './played-link.spec.helper.js';

function play(source: ItemSource | FeederLike, options: Partial<FeederEngineOptions> = {}) {
  const clock = new ManualClock();
  const logger = new RecordingLogger();
  const demands: DemandMessage[] = [];
  const listener = { demand: (demand: DemandMessage) => void demands.push(demand), leaving() {}, killRequest() {} };
  const opened = toSource(source);
  void opened.open?.({ logger, wake() {} });
  const engine = new FeederEngine({ ...SETTINGS, life: 'life', source: opened, clock, logger, listener, ...options });
  const connect = (hello = helloOf(), link = new PlayedLink()): PlayedLink => {
    link.listener = engine.accept(link);
    link.say(hello);
    return link;
  };
  engine.post({ type: 'start' });
  return { engine, clock, logger, demands, connect };
}

it('hands out items, confirms answers, and ends with its source', async () => {
  const done: unknown[] = [];
  const items = [{ n: 1 }, Buffer.from('two'), 'three'];
  const { engine, connect } = play({
    get: () => items.shift(),
    ended: () => items.length === 0,
    success: (item) => void done.push(item),
  });
  const link = connect();
  expect(link.take()).toEqual([
    { type: 'welcome', protocol: 1, feeder: 'life', maxItemSize: 1000 },
    { type: 'items', first: 1, attempt: 1, items: [{ n: 1 }] },
    { type: 'bytes', id: 2, attempt: 1, body: Buffer.from('two') },
    { type: 'items', first: 3, attempt: 1, items: ['three'] },
  ]);
  link.say(answersOf({ done: [1, 2, 3] }));
  expect(link.take()).toEqual([
    { type: 'confirm', ids: [[1, 3]] },
    { type: 'bye', reason: 'ended' },
  ]);
  expect(done).toEqual([{ n: 1 }, Buffer.from('two'), 'three']);
  expect(link.calls).toEqual(['end']);
  link.close();
  await engine.ended;
  expect(engine.statistics).toEqual({ waiting: 0, held: 0, done: 3, failed: 0, released: 0, consumers: 0 });
});

it('says all that follows from one read in one write', () => {
  const { connect } = play(Array.from({ length: 100 }, (_, index) => index));
  const link = connect();
  link.take();
  const { writes } = link;
  link.say(answersOf({ done: [1, 2, 3, 4, 5] }), answersOf({ done: [6] }));
  expect(link.take()).toEqual([
    { type: 'confirm', ids: [[1, 6]] },
    { type: 'items', first: 11, attempt: 1, items: [10, 11, 12, 13, 14, 15] },
  ]);
  expect(link.writes).toBe(writes + 1);
});

it('what cannot be sent fails alone', () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;
  const failed: string[] = [];
  const items = [1, undefined, 'x'.repeat(2000), () => {}, circle, 2n, 'é'.repeat(499), 2];
  let given = false;
  const { connect } = play({
    get: () => null,
    getMany: () => (given ? [] : ((given = true), items)),
    error: (_, reason) => void failed.push(reason.message),
  });
  expect(connect().take().slice(1)).toEqual([{ type: 'items', first: 1, attempt: 1, items: [1, 'é'.repeat(499), 2] }]);
  expect(failed).toEqual([
    'The item cannot be sent: undefined is no JSON value',
    'The item cannot be sent: 2002 bytes, the largest item has 1000',
    'The item cannot be sent: function is no JSON value',
    expect.stringContaining('circular') as string,
    expect.stringContaining('BigInt') as string,
  ]);
});

it('sends nothing to who does not read, and goes on when it does', () => {
  const { connect, clock } = play(Array.from({ length: 100 }, () => 'x'));
  const link = new PlayedLink();
  link.unsentBytes = 2_000_000;
  connect(helloOf(), link);
  link.take();
  link.say(answersOf({ done: [1, 2, 3] }));
  clock.advance(0);
  expect(link.take()).toEqual([{ type: 'confirm', ids: [[1, 3]] }]);
  link.flush();
  expect(link.take()).toMatchObject([{ type: 'items', first: 11, items: ['x', 'x', 'x'] }]);
});

it('garbage ends that connection with one line, the others go on', () => {
  const { connect, logger } = play([1, 2]);
  const good = connect();
  const bad = new PlayedLink();
  connect(helloOf({ id: 2 }), bad);
  bad.listener!.data(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
  expect(bad.calls).toEqual(['destroy']);
  expect(logger.lines.filter((line) => line.startsWith('warn'))).toEqual([
    expect.stringMatching(/^warn Disconnected the test: A frame of \d+ bytes/u),
  ]);
  expect(good.calls).toEqual([]);
});

it('garbage right after messages ends the connection at once, and the messages count', () => {
  const { engine, connect, logger } = play({ get: () => 1 });
  const link = connect();
  link.listener!.data(Buffer.concat([encodeMessage(answersOf({ done: [1] })), Buffer.alloc(5, 255)]));
  expect([link.calls, engine.statistics.done]).toEqual([['destroy'], 1]);
  expect(logger.lines.filter((line) => line.startsWith('warn'))).toHaveLength(1);
});

it('writes at most 100 lines a minute about strangers', () => {
  const { connect, logger, clock } = play({ get: () => null });
  for (let count = 0; count < 500; count++)
    connect(helloOf({ id: count, protocol: 1 })).listener?.data(Buffer.alloc(5, 255));
  expect(logger.lines.filter((line) => line.startsWith('warn Disconnected'))).toHaveLength(100);
  clock.advance(60_000);
  connect(helloOf({ id: 1000 })).listener?.data(Buffer.alloc(5, 255));
  expect(logger.lines.filter((line) => line.startsWith('warn Disconnected'))).toHaveLength(101);
});

it('lets in who has the key of its incarnation, or has proven it over TLS', () => {
  const key = Buffer.alloc(32, 1);
  const { connect } = play([1, 2, 3], { prove: proofBy(key) });
  const keyOf = (id: number, incarnation: number): string => consumerKey(key, id, incarnation).toString('base64');
  const said = (hello: object, identity?: string) => connect(helloOf(hello), new PlayedLink(identity)).take()[0]?.type;
  expect(said({ id: 1, incarnation: 1, key: keyOf(1, 1) })).toBe('welcome');
  expect(said({ id: 2, incarnation: 1, key: keyOf(1, 1) })).toBe('bye');
  expect(said({ id: 2, incarnation: 2, key: keyOf(2, 1) })).toBe('bye');
  expect(said({ id: 2, incarnation: 1 })).toBe('bye');
  expect(said({ id: 2, incarnation: 1, key: 'short' })).toBe('bye');
  expect(said({ id: 3, incarnation: 4 }, '3.4')).toBe('welcome');
  expect(said({ id: 3, incarnation: 5, key: keyOf(3, 5) }, '3.4')).toBe('bye');
});

it('an async source: confirmed when it has taken the outcome', async () => {
  const taken = Promise.withResolvers<void>();
  const items = [1, 2];
  const { connect, clock } = play({ get: () => items.shift(), success: () => taken.promise });
  const link = connect();
  link.take();
  link.say(answersOf({ done: [1] }));
  clock.advance(0);
  expect(link.take()).toEqual([]);
  taken.resolve();
  await expect.poll(() => clock.advance(0) ?? link.take()).toEqual([{ type: 'confirm', ids: [[1, 1]] }]);
});

it('a confirmation and the item that comes of it go out in one write, also when the item takes a few promises', async () => {
  const next: ((items: number[]) => void)[] = [];
  const { connect } = play({
    get: () => null,
    getMany: () => new Promise((resolve) => next.push(resolve)),
    success: () => next.pop()!([2]),
  });
  const link = connect();
  next.pop()!([1]);
  await expect.poll(() => link.take().at(-1)).toMatchObject({ type: 'items', items: [1] });
  const { writes } = link;
  link.say(answersOf({ done: [1] }));
  await expect.poll(() => link.take()).toMatchObject([{ type: 'confirm' }, { type: 'items', items: [2] }]);
  expect(link.writes).toBe(writes + 1);
});

it('pauses reading while too much is unsettled', () => {
  const taken = Promise.withResolvers<void>();
  let count = 0;
  const { connect, clock, logger } = play({ get: () => ++count, success: () => taken.promise }, { window: 20_000 });
  const link = connect();
  link.say({ type: 'answers', done: [[1, 10_001]], failed: [], back: [] });
  expect(link.paused).toBe(true);
  expect(connect(helloOf({ id: 2 })).paused).toBe(true);
  clock.advance(5000);
  expect(logger.lines).toEqual([
    expect.stringMatching(/^warn For 5 s no answers are read: the source .* 10001 items$/u),
  ]);
});

it('a listener that throws stops nothing', () => {
  const listener = {
    demand() {
      throw new Error('no launcher');
    },
    leaving() {},
    killRequest() {},
  };
  const { connect, logger } = play([1, 2], { listener });
  const link = connect();
  link.say(answersOf({ done: [1, 2] }));
  expect(link.take().at(-1)).toMatchObject({ type: 'bye' });
  expect(logger.lines[0]).toMatch(/^error demand of the listener threw: Error: no launcher/u);
});

it('a feeder that throws is reported and asked again', () => {
  let calls = 0;
  const { connect, logger, clock } = play({
    get() {
      calls++;
      if (calls === 1) throw new Error('away');
      return calls === 2 ? 'back' : null;
    },
  });
  expect(logger.lines).toEqual([
    expect.stringMatching(/^error Claiming items failed: get of the feeder threw: Error: away/u),
  ]);
  const link = connect();
  clock.advance(1000);
  expect(link.take().at(-1)).toMatchObject({ type: 'items', items: ['back'] });
});

it('an iterable that throws fails the feeder when all is answered', async () => {
  const { engine, connect } = play(
    (function* () {
      yield 1;
      throw new Error('the file is cut');
    })(),
  );
  const link = connect();
  link.say(answersOf({ done: [1] }));
  link.close();
  await expect(engine.ended).rejects.toThrow('the file is cut');
});

it('stop ends a claim that waits; who does not leave is cut', async () => {
  const { engine, connect, clock } = play({ get: () => new Promise<never>(() => {}) });
  const link = connect();
  engine.post({ type: 'stop' });
  expect(link.take().at(-1)).toEqual({ type: 'bye', reason: 'the feeder stops' });
  await expect.poll(() => clock.waiting).toBe(1);
  clock.advance(2000);
  await engine.ended;
  expect(link.calls).toEqual(['end', 'destroy']);
  expect(clock.waiting).toBe(0);
});

it('what a claim gives while the source is closed is released', async () => {
  const claim = Promise.withResolvers<readonly { item: string }[]>();
  const released: unknown[] = [];
  const source: ItemSource = {
    capabilities: { adopt: false },
    claim: () => claim.promise,
    ended: () => false,
    complete() {},
    fail() {},
    release: (items) => void released.push(...items),
    close: () => claim.resolve([{ item: 'late' }]),
  };
  const { engine } = play(source);
  engine.post({ type: 'stop' });
  await engine.ended;
  await claim.promise;
  expect(released).toEqual([{ item: 'late' }]);
});

it('reports demand at once, then at most every 100 ms, and once a second when nothing changes', () => {
  const { clock, demands, connect } = play(Array.from({ length: 20 }, (_, index) => index));
  clock.advance(0);
  expect(demands).toMatchObject([{ waiting: 1, consumers: 0 }]);
  const link = connect();
  clock.advance(99);
  expect(demands).toHaveLength(1);
  clock.advance(1);
  expect(demands[1]).toMatchObject({ waiting: 1, held: 10, consumers: 1, idle: 0 });
  link.say({ type: 'ping' });
  clock.advance(999);
  expect(demands).toHaveLength(2);
  clock.advance(1);
  expect(demands).toHaveLength(3);
});

it('tells once that size and ended of its source throw', () => {
  const throws = (): never => {
    throw new Error('the database is away');
  };
  const { engine, logger, clock, demands } = play({ get: () => null, size: throws, ended: throws });
  clock.advance(5000);
  engine.post({ type: 'wake' });
  expect(demands.length).toBeGreaterThan(3);
  const told = logger.lines.map((line) => line.split(':')[0]);
  expect(told.filter((line) => line?.startsWith('error'))).toEqual([
    'error ended of the source threw, this is told once',
    'error size of the source threw, this is told once',
  ]);
});
