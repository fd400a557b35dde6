import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '@distributed-architecture/core';
import { expect, it } from 'vitest';
import { ConsumerWorld } from './played-feeder.spec.helper.js';

it('announces an item, handles it, answers it, and forgets the answer when it is confirmed', async () => {
  const world = await ConsumerWorld.connected();
  world.link.items(1, [{ n: 1 }], { attempt: 3 });
  expect(world.link.told()).toEqual(['begun 1']);
  expect(world.open.map(({ item, context }) => [item, context.id, context.attempt])).toEqual([[{ n: 1 }, '1', 3]]);
  world.item(1).done();
  await turn();
  expect(world.link.told()).toEqual(['done 1']);
  expect(await world.reconnect()).toBe('hello of life-1; done 1');
  world.link.say({ type: 'confirm', ids: [[1, 1]] });
  expect(await world.reconnect()).toBe('hello of life-1');
});

it('hands out Buffers as such', async () => {
  const world = await ConsumerWorld.connected();
  world.link.buffer(5, Buffer.from([0, 255]));
  expect(world.open.map(({ item }) => item)).toEqual([Buffer.from([0, 255])]);
});

it('what its handler throws makes an item fail, later or at once', async () => {
  const world = await ConsumerWorld.connected();
  world.link.items(1, ['a']);
  world.item(1).fail(new TypeError('no such order'));
  await turn();
  const [begun, answers] = world.link.heard;
  expect(begun?.type).toBe('begun');
  expect(answers).toMatchObject({ type: 'answers', failed: [[1, { name: 'TypeError', message: 'no such order' }]] });

  const throwing = await ConsumerWorld.connected({
    handle: (item) => {
      throw item;
    },
  });
  throwing.link.items(1, ['text']);
  expect(throwing.link.told()).toEqual(['begun 1', 'failed 1 text']);
});

it('begins nothing before the announcement has left this process', async () => {
  const world = await ConsumerWorld.connected();
  world.link.stuck = true;
  world.link.items(1, ['a']);
  await world.pass(100);
  expect(world.open).toEqual([]);
  world.link.unstick();
  await world.pass(0);
  expect(world.link.told()).toEqual(['begun 1']);
  expect(world.open).toHaveLength(1);
});

it('what was announced over a connection that was cut is announced again', async () => {
  const world = await ConsumerWorld.connected();
  world.link.stuck = true;
  world.link.items(1, ['a']);
  expect(await world.reconnect()).toBe('hello of life-1; holds 1');
  expect(world.link.told()).toEqual(['begun 1']);
});

it('handles as many at once as its concurrency, and answers and announces in one write', async () => {
  const world = await ConsumerWorld.connected({ concurrency: 2 });
  world.link.items(1, ['a', 'b', 'c', 'd']);
  await world.pass(5);
  expect([world.link.told(), world.open.length]).toEqual([['begun 1-2'], 2]);
  world.item(2).done();
  await world.pass(5);
  expect([world.link.told(), world.open.length]).toEqual([['done 2', 'begun 3'], 3]);
});

it('announces tiny items many at a time, at most 512', async () => {
  let handled = 0;
  const world = await ConsumerWorld.connected({ handle: () => void handled++ });
  world.link.items(
    1,
    Array.from({ length: 2000 }, (_, index) => index),
  );
  await world.pass(0);
  expect(handled).toBe(2000);
  const announced = world.link.heard.flatMap((message) => (message.type === 'begun' ? message.ids : []));
  const sizes = announced.map(([first, last]) => last - first + 1);
  expect(sizes.slice(0, 4)).toEqual([1, 2, 4, 8]);
  expect(Math.max(...sizes)).toBe(512);
});

it('what is announced behind an item that turns out to be slow is given back after 20 ms', async () => {
  const world = await ConsumerWorld.connected({
    handle: (item) => (item === 'slow' ? new Promise(() => {}) : undefined),
  });
  world.link.items(1, [1, 2, 3, 4, 5, 6, 7, 'slow', 9, 10, 11, 12, 13, 14, 15, 16, 17]);
  await world.pass(19);
  expect(world.link.told()).toContain('begun 8-15');
  await world.pass(1);
  expect(world.link.told()).toEqual(['back 9-15']);
  expect(await world.reconnect()).toBe('hello of life-1; holds 8, 16-17; begun 8; done 1-7; back 9-15');
});

it('lets others get their turn while it handles', async () => {
  let now = 0;
  let handled = 0;
  const soon: (() => void)[] = [];
  const clock: Clock = {
    monotonicMs: () => now,
    date: () => new Date(0),
    setTimer: (delayMs, callback) => {
      if (delayMs === 0) soon.push(callback);
      return () => {};
    },
  };
  const world = await ConsumerWorld.connected({
    clock,
    handle: () => {
      handled++;
      now++;
    },
  });
  world.link.items(
    1,
    Array.from({ length: 30 }, (_, index) => index),
  );
  for (let before = 0; handled < 30; before = handled) {
    expect(handled - before).toBeLessThan(8);
    soon.shift()!();
  }
});

it('gives back what it has not begun when it is recalled', async () => {
  const world = await ConsumerWorld.connected();
  world.link.items(1, ['a', 'b', 'c']);
  world.link.say({ type: 'recall' });
  expect(world.link.told()).toEqual(['begun 1', 'back 2-3']);
  world.item(1).done();
  await turn();
  expect(world.link.told()).toEqual(['done 1']);
});

it('aborts the signal of an item that has timed out, also when it is asked for later', async () => {
  const world = await ConsumerWorld.connected({ concurrency: 2 });
  world.link.items(1, ['a', 'b', 'c']);
  const { signal } = world.item(1).context;
  world.link.say({ type: 'abort', ids: [[1, 3]] });
  expect([signal.aborted, signal.reason.name, signal.reason.message]).toEqual([
    true,
    'TimeoutError',
    'Item 1 has timed out',
  ]);
  expect(world.item(2).context.signal.aborted).toBe(true);
  expect(world.link.told()).toEqual(['begun 1-2', 'back 3']);
});

it('asks each time whether it may begin', async () => {
  const answers: (() => boolean | Promise<boolean>)[] = [
    () => true,
    () => Promise.resolve(true),
    () => false,
    () => Promise.reject(new Error('broken')),
    () => true,
  ];
  const world = await ConsumerWorld.connected({ mayBegin: () => answers.shift()!() });
  world.link.items(1, ['a', 'b', 'c']);
  expect(world.link.told()).toEqual(['begun 1']);
  world.clock.advance(10);
  world.item(1).done();
  await world.pass(0);
  expect(world.link.told()).toEqual(['done 1', 'begun 2']);
  world.item(2).done();
  await world.pass(0);
  await world.pass(999);
  expect([world.link.told(), answers.length]).toEqual([['done 2'], 2]);
  await world.pass(1);
  expect([world.link.told(), answers.length, world.lines]).toEqual([[], 1, ['error: Error: broken']]);
  await world.pass(1000);
  expect(world.link.told()).toEqual(['ping', 'begun 3']);
});

it('errors that are too many for one hello follow after the welcome', async () => {
  const world = await ConsumerWorld.connected({
    concurrency: 50,
    handle: (item) => {
      throw new Error(`${String(item)}${'x'.repeat(20_000)}`);
    },
  });
  world.link.items(
    1,
    Array.from({ length: 50 }, (_, index) => index),
  );
  world.link.cut();
  await world.pass(100);
  const [hello] = world.link.heard.splice(0);
  await world.welcome('life-1');
  const rest = world.link.heard.flatMap((message) => (message.type === 'answers' ? message.failed : []));
  if (hello?.type !== 'hello') throw new Error('no hello');
  const { failed } = hello.answers;
  expect(failed.length).toBeLessThan(20);
  expect([...failed, ...rest].map(([id]) => id)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  expect(hello.holds).toEqual([[failed.length + 1, 50]]);
  expect(hello.begun).toEqual(hello.holds);
});
