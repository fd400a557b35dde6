import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ConsumerWorld } from './played-feeder.spec.helper.js';

it('stops: gives back, finishes what it has begun, waits until all is confirmed, says bye', async () => {
  const world = await ConsumerWorld.connected();
  let over = false;
  void world.client.run().then(() => (over = true));
  world.link.items(1, ['a', 'b', 'c']);
  const stopped = world.client.stop();
  expect([world.link.told(), world.client.state]).toEqual([['begun 1', 'stopping', 'back 2-3'], 'stopping']);
  world.link.items(4, ['d']);
  world.link.say({ type: 'confirm', ids: [[2, 4]] });
  expect(world.link.told()).toEqual(['back 4']);
  world.item(1).done();
  await turn();
  expect([world.link.told(), over]).toEqual([['done 1'], false]);
  world.link.say({ type: 'confirm', ids: [[1, 1]] });
  expect([world.link.told(), world.link.ended]).toEqual([['bye stopped'], true]);
  world.link.cut();
  await stopped;
  await turn();
  expect([over, world.client.state, world.clock.waiting]).toEqual([true, 'over', 0]);
});

it('stops while the connection is cut: comes back to deliver its answers', async () => {
  const world = await ConsumerWorld.connected();
  world.link.items(1, ['a', 'b']);
  world.link.cut();
  const stopped = world.client.stop();
  world.item(1).done();
  await world.pass(50);
  expect(world.link.told()).toEqual(['hello of life-1; done 1; back 2']);
  await world.welcome('life-1');
  world.link.say({ type: 'confirm', ids: [[1, 2]] });
  expect(world.link.told()).toEqual(['bye stopped']);
  await world.pass(1000);
  await stopped;
});

it('gives up its answers when no feeder can be reached for 5 s after its last item', async () => {
  const world = await ConsumerWorld.connected();
  world.unreachable = new Error('ENOENT');
  world.link.items(1, ['a', 'b']);
  world.link.cut();
  const stopped = world.client.stop();
  await world.pass(20_000);
  world.item(1).done();
  await world.pass(4999);
  expect(world.client.state).toBe('stopping');
  await world.pass(2);
  await stopped;
  expect(world.lines).toContain('warn: Stopped without its feeder: not confirmed: done 1; not begun 2');
});

it('stops at once when it has nothing', async () => {
  const world = new ConsumerWorld();
  await world.client.stop();
  await world.client.run();
  expect([world.client.state, world.clock.waiting]).toEqual(['over', 0]);
});

it('its feeder has gone: drops what is not begun, finishes what is, tells what was not confirmed, is drained', async () => {
  const world = await ConsumerWorld.connected({ concurrency: 2 });
  world.link.items(1, ['a', 'b', 'c', 'd', 'e', 'f']);
  world.item(1).done();
  await world.pass(0);
  world.item(2).fail(new Error('no'));
  await world.pass(0);
  let drained = false;
  void world.client.feederGone(1).then(() => (drained = true));
  await world.pass(0);
  expect([drained, world.client.state, world.link.destroyed]).toEqual([false, 'waiting', true]);
  world.item(3).done();
  world.item(4).done();
  await world.pass(0);
  expect(drained).toBe(true);
  expect(world.lines).toEqual(['warn: Feeder has gone: not confirmed: done 1, 3-4; failed 2; not begun 5-6']);
  world.client.feederReady({ path: '/feed' }, 2);
  await world.pass(0);
  expect(world.link.told()).toEqual(['hello of null']);
});

it('its feeder has gone, all was confirmed: is drained at once and tells nothing', async () => {
  const world = await ConsumerWorld.connected();
  await world.client.feederGone(1);
  expect(world.lines).toEqual([]);
  await world.client.feederGone(1);
});

it('the line of what was not confirmed is cut', async () => {
  const world = await ConsumerWorld.connected();
  for (let id = 1; id < 2000; id += 2) world.link.items(id, ['a']);
  const drained = world.client.feederGone(1);
  world.item(1).done();
  await drained;
  const [line = ''] = world.lines;
  expect(line.length).toBeLessThanOrEqual('warn: '.length + 1000);
  expect(line).toMatch(/^warn: Feeder has gone: not confirmed: done 1; not begun 3, 5, .* \[\.\.\.\]$/u);
});

it('a feeder of another life that adopts nothing: what is begun is finished and answered to nobody', async () => {
  const world = await ConsumerWorld.connected();
  world.link.items(1, ['a', 'b']);
  expect(await world.reconnect('life-2')).toBe('hello of life-1; holds 1-2; begun 1');
  world.link.items(1, ['new']);
  expect(world.link.told()).toEqual([]);
  world.item(1).done();
  await turn();
  expect(world.link.told()).toEqual(['begun 1']);
  expect(world.lines.at(-1)).toBe('warn: Feeder has gone: not confirmed: done 1; not begun 2');
  expect(world.open.map(({ item }) => item)).toEqual(['a', 'new']);
});

it('a feeder that adopts: its items go on under their new numbers', async () => {
  const world = await ConsumerWorld.connected({ concurrency: 2 });
  world.link.items(1, ['a', 'b', 'c', 'd', 'e'], { keys: ['ka', 'kb', 'kc', 'kd', 'ke'] });
  world.item(1).done();
  await world.pass(0);
  void world.client.feederGone(1);
  await world.pass(0);
  world.client.feederReady({ path: '/feed' }, 2);
  await world.pass(0);
  expect(world.link.told()).toEqual(['hello of life-1; holds 2-5; begun 2-3; done 1; keys 2=kb 3=kc 1=ka 4=kd 5=ke']);
  await world.welcome('life-2', [
    [1, 11],
    [2, 12],
    [4, 14],
  ]);
  world.item(2).done();
  world.item(3).done();
  await world.pass(0);
  expect(world.link.told()).toEqual(['done 12', 'begun 14']);
  expect(world.lines.at(-1)).toBe('warn: Feeder has gone: not confirmed: done 3; not begun 5');
  expect(world.open.map(({ item }) => item)).toEqual(['a', 'b', 'c', 'd']);
  expect(await world.reconnect('life-2')).toBe(
    'hello of life-2; holds 14; begun 14; done 11-12; keys 14=kd 11=ka 12=kb',
  );
});

it('says after a second what its stop waits for', async () => {
  const world = await ConsumerWorld.connected({ concurrency: 2 });
  world.link.items(1, ['a', 'b']);
  const stopped = world.client.stop();
  void world.client.stop();
  await world.pass(1000);
  expect(world.lines).toEqual(['log: Stopping: waits for items 1, 2, which are being handled']);
  world.item(1).done();
  world.item(2).done();
  await turn();
  world.link.say({ type: 'confirm', ids: [[1, 2]] });
  world.link.cut();
  await stopped;
  await world.pass(0);
  expect(world.clock.waiting).toBe(0);
});

it('stops between hello and welcome: waits for it, for the feeder may have sent it items already', async () => {
  const world = new ConsumerWorld();
  world.client.feederReady({ path: '/feed' });
  await world.pass(0);
  world.link.told();
  const stopped = world.client.stop();
  expect(world.client.state).toBe('stopping');
  await world.welcome('life-1');
  expect(world.link.told()).toEqual(['stopping', 'bye stopped']);
  world.link.cut();
  await stopped;
});
