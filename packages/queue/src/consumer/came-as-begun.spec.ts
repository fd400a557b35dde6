import { expect, it } from 'vitest';
import { encodeBytes, encodeItems } from '../protocol/encode.js';
import { ConsumerWorld } from './played-feeder.spec.helper.js';

const ITEMS = encodeItems({ first: 1, attempt: 1, begun: 1, texts: ['"a"', '"b"', '"c"'] });

it('what came as begun is begun without a word; the rest is announced together with its answer', async () => {
  const world = await ConsumerWorld.connected();
  world.link.bytes(ITEMS);
  expect(world.open.map(({ item }) => item)).toEqual(['a']);
  expect(world.link.told()).toEqual([]);
  world.item(1).done();
  await world.pass(0);
  expect(world.link.told()).toEqual(['done 1', 'begun 2-3']);
});

it('bytes may come as begun, too', async () => {
  const world = await ConsumerWorld.connected();
  world.link.bytes(encodeBytes({ id: 1, attempt: 1, begun: 1, body: Buffer.from('x') }));
  expect(world.open).toHaveLength(1);
  expect(world.link.told()).toEqual([]);
});

it('without a free lane it is given back soon', async () => {
  const world = await ConsumerWorld.connected();
  world.link.items(1, ['slow']);
  world.link.told();
  world.link.bytes(encodeItems({ first: 2, attempt: 1, begun: 1, texts: ['2'] }));
  await world.pass(20);
  expect(world.link.told()).toEqual(['back 2']);
});

it('a stopping consumer gives it back', async () => {
  const world = await ConsumerWorld.connected();
  world.link.items(1, ['slow']);
  void world.client.stop();
  world.link.told();
  world.link.bytes(encodeItems({ first: 2, attempt: 1, begun: 1, texts: ['2'] }));
  await world.pass(0);
  expect(world.link.told()).toEqual(['back 2']);
});

it('where beginning needs a permission the hello says so, and all is announced', async () => {
  const world = new ConsumerWorld({ mayBegin: () => true });
  world.client.feederReady({ path: '/feed' }, 1);
  await world.pass(0);
  expect(world.link.heard[0]).toMatchObject({ type: 'hello', announces: true });
  await world.welcome('life-1');
  world.link.told();
  world.link.bytes(ITEMS);
  await world.pass(0);
  expect(world.link.told()).toEqual(['begun 1']);
  expect(world.open).toHaveLength(1);
});
