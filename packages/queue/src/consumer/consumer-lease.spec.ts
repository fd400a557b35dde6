import { expect, it } from 'vitest';
import { encodeItems } from '../protocol/encode.js';
import { ConsumerWorld } from './played-feeder.spec.helper.js';

it('without its lease nothing is announced, and it looks again after a second', async () => {
  const lease = { held: false };
  const world = await ConsumerWorld.connected({ lease });
  world.link.items(1, ['a']);
  expect(world.link.told()).toEqual([]);
  lease.held = true;
  await world.pass(1000);
  expect(world.link.told()).toEqual(['begun 1']);
});

it('what was announced before the lease ended is not begun after it, but given back', async () => {
  const lease = { held: true };
  const world = await ConsumerWorld.connected({ concurrency: 2, lease });
  world.link.stuck = true;
  world.link.items(1, ['a', 'b']);
  lease.held = false;
  world.link.unstick();
  await world.pass(20);
  expect([world.link.told(), world.open]).toEqual([['begun 1-2', 'back 1-2'], []]);
});

it('under a lease nothing counts as begun because it was sent: the hello says so', async () => {
  const world = new ConsumerWorld({ lease: { held: false } });
  world.client.feederReady({ path: '/feed' }, 1);
  await world.pass(0);
  expect(world.link.heard[0]).toMatchObject({ type: 'hello', announces: true });
  await world.welcome('life-1');
  world.link.told();
  world.link.bytes(encodeItems({ first: 1, attempt: 1, begun: 1, texts: ['1'] }));
  await world.pass(20);
  expect([world.link.told(), world.open]).toEqual([[], []]);
});
