import { expect, it } from 'vitest';
import { encodeMessage } from '../protocol/encode.js';
import { ConsumerWorld } from './played-feeder.spec.helper.js';

const ADDRESS = { path: '/feed' };

it('connects as soon as a feeder is ready, and says hello', async () => {
  const world = new ConsumerWorld({ key: Buffer.from('key') });
  expect(world.client.state).toBe('waiting');
  world.client.feederReady(ADDRESS, 1);
  await world.pass(0);
  expect([world.attempts, world.link.told()]).toEqual([[ADDRESS], ['hello of null; key a2V5']]);
  expect(world.client.state).toBe('greeting');
  await world.welcome('life');
  expect([world.client.state, world.lines]).toEqual(['connected', ['log: Connected to /feed']]);
});

it('does not say its key where TLS has proven it', async () => {
  const world = new ConsumerWorld({ key: Buffer.from('key') });
  world.identity = '7.2';
  world.client.feederReady({ host: '::1', port: 9999 });
  await world.pass(0);
  expect(world.link.told()).toEqual(['hello of null']);
  await world.welcome('life');
  expect(world.lines).toEqual(['log: Connected to [::1]:9999']);
});

it('tries again after 50 ms doubling to 2 s, and tells only the first failure', async () => {
  const world = new ConsumerWorld();
  world.unreachable = new Error('ECONNREFUSED');
  world.client.feederReady(ADDRESS);
  await world.pass(0);
  const delays = [50, 100, 200, 400, 800, 1600, 2000, 2000];
  for (const [index, delay] of delays.entries()) {
    await world.pass(delay - 1);
    expect(world.attempts).toHaveLength(index + 1);
    await world.pass(1);
    expect(world.attempts).toHaveLength(index + 2);
  }
  expect(world.lines.filter((line) => line.startsWith('warn'))).toEqual([
    'warn: Cannot connect to /feed: ECONNREFUSED',
  ]);
});

it('is told of a feeder again: connects at once, without the rest of the delay', async () => {
  const world = new ConsumerWorld();
  world.unreachable = new Error('ENOENT');
  world.client.feederReady(ADDRESS, 1);
  await world.pass(1000);
  world.unreachable = undefined;
  const before = world.attempts.length;
  world.client.feederReady(ADDRESS, 1);
  await world.pass(0);
  expect(world.attempts).toHaveLength(before + 1);
  expect(world.client.state).toBe('greeting');
});

it('is told again of the feeder that it is connected to: nothing happens', async () => {
  const world = await ConsumerWorld.connected();
  world.client.feederReady(ADDRESS, 1);
  world.client.feederReady(ADDRESS);
  world.client.feederReady({ path: '/older' }, 0);
  await world.pass(0);
  expect([world.attempts.length, world.link.destroyed]).toEqual([1, false]);
});

it('another address, or another incarnation of the feeder, takes the place of the one before', async () => {
  const world = await ConsumerWorld.connected();
  const [first] = world.links;
  world.client.feederReady({ path: '/other' }, 1);
  await world.welcome('life-1');
  const [, second] = world.links;
  world.client.feederReady({ path: '/other' }, 2);
  await world.welcome('life-1');
  expect([first!.destroyed, second!.destroyed, world.client.state]).toEqual([true, true, 'connected']);
  expect(world.attempts.slice(1)).toEqual([{ path: '/other' }, { path: '/other' }]);
});

it('gives up an attempt, or a greeting, that takes longer than 10 s', async () => {
  const world = new ConsumerWorld();
  world.hangs = true;
  world.client.feederReady(ADDRESS);
  await world.pass(10_000);
  expect(world.lines).toEqual(['warn: Cannot connect to /feed: no answer within 10 s']);
  world.hangs = false;
  await world.pass(50);
  expect(world.client.state).toBe('greeting');
  await world.pass(10_000);
  expect([world.client.state, world.link.destroyed]).toEqual(['lost', true]);
});

it('pings when it has said nothing for 2 s', async () => {
  const world = await ConsumerWorld.connected();
  world.link.say({ type: 'ping' });
  await world.pass(1999);
  expect(world.link.told()).toEqual([]);
  await world.pass(1);
  expect(world.link.told()).toEqual(['ping']);
});

it('gives up a feeder that is silent for 10 s', async () => {
  const world = await ConsumerWorld.connected();
  await world.pass(9999);
  expect(world.client.state).toBe('connected');
  await world.pass(1);
  expect(world.lines).toEqual(['warn: Connection to /feed lost: nothing was heard for 10 s']);
  expect(world.links[0]!.destroyed).toBe(true);
});

it('a connection that was cut comes back, and says what it did before', async () => {
  const world = await ConsumerWorld.connected();
  world.link.items(1, ['a', 'b', 'c']);
  await world.pass(0);
  expect(world.link.told()).toEqual(['begun 1']);
  expect(await world.reconnect()).toBe('hello of life-1; holds 1-3; begun 1');
  expect(world.lines).toEqual(['warn: Connection to /feed lost: the feeder has closed it', 'log: Connected to /feed']);
});

it.each([
  ['garbage', (world: ConsumerWorld) => world.link.bytes(Buffer.from('GET / HTTP/1.1\r\n\r\n'))],
  [
    'garbage after a message',
    (world: ConsumerWorld) => world.link.bytes(Buffer.concat([encodeMessage({ type: 'ping' }), Buffer.alloc(5, 255)])),
  ],
  [
    'a second welcome',
    (world: ConsumerWorld) => world.link.say({ type: 'welcome', protocol: 1, feeder: 'x', maxItemSize: 1 }),
  ],
])('%s ends the connection, and it comes back', async (_, misbehave) => {
  const world = await ConsumerWorld.connected();
  misbehave(world);
  expect([world.links[0]!.destroyed, world.client.state]).toEqual([true, 'lost']);
  await world.pass(50);
  expect(world.client.state).toBe('greeting');
});

it('what is said before welcome ends the connection', async () => {
  const world = new ConsumerWorld();
  world.client.feederReady(ADDRESS);
  await world.pass(0);
  world.link.items(1, ['a']);
  await world.pass(0);
  expect([world.link.destroyed, world.open]).toEqual([true, []]);
});

it('a feeder that refuses it ends it with an error', async () => {
  const world = new ConsumerWorld();
  const run = world.client.run();
  world.client.feederReady(ADDRESS);
  await world.pass(0);
  world.link.say({ type: 'bye', reason: 'an older incarnation', refused: true });
  await expect(run).rejects.toMatchObject({
    code: 'FEED_REFUSED',
    message: 'The feeder at /feed refuses this consumer: an older incarnation',
  });
  expect([world.client.state, world.link.destroyed, world.clock.waiting]).toEqual(['over', true, 0]);
});

it('a feeder of another version ends it with an error', async () => {
  const world = new ConsumerWorld();
  world.client.feederReady(ADDRESS);
  await world.pass(0);
  world.link.say({ type: 'welcome', protocol: 9, feeder: 'x', maxItemSize: 1 });
  await expect(world.client.run()).rejects.toMatchObject({ code: 'FEED_REFUSED' });
});

it('a feeder that says bye in order is looked for again', async () => {
  const world = await ConsumerWorld.connected();
  world.link.say({ type: 'bye', reason: 'over' });
  await world.pass(50);
  expect(world.lines).toEqual(['log: Feeder says bye: over']);
  expect(world.client.state).toBe('greeting');
});

it('that a feeder is away after its bye is no warning', async () => {
  const world = await ConsumerWorld.connected();
  world.unreachable = new Error('ENOENT');
  world.link.say({ type: 'bye', reason: 'ended' });
  await world.pass(5000);
  expect(world.lines.filter((line) => line.startsWith('warn'))).toEqual([]);
});
