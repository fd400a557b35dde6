import { expect, it } from 'vitest';
import { consumerKey } from '../channel/consumer-key.js';
import { isQueueStart } from '../channel/queue-checks.js';
import { group, listProcesses } from '../testing/process-specs.js';
import { queueGroup } from './queue-fleet.spec.helper.js';
import { QueueLinks } from './queue-links.js';

const specs = listProcesses([queueGroup(), queueGroup({ name: 'Other' }), group()]);
const [feeder, consumer, , other, , , plain] = specs;
const links = new QueueLinks(() => '/run/fleet');
const keyOf = (spec = feeder!, incarnation = 1) => Buffer.from(links.startOf(spec, incarnation)!.key, 'base64');

it('a feeder gets the key of its group and run, the same in each life, and a socket of its own in each', () => {
  expect(links.startOf(feeder!, 3)).toMatchObject({ role: 'feeder', socket: '/run/fleet/feed-1.3' });
  expect(keyOf(feeder, 2)).toEqual(keyOf());
  expect(keyOf(other)).not.toEqual(keyOf());
  expect(new QueueLinks(() => '').startOf(feeder!, 1)!.key).not.toBe(links.startOf(feeder!, 1)!.key);
});

it('a consumer gets no more than the key of its incarnation', () => {
  const start = links.startOf(consumer!, 2)!;
  expect(start).toEqual({ role: 'consumer', key: consumerKey(keyOf(), 2, 2).toString('base64') });
  expect([start, links.startOf(feeder!, 1)].every(isQueueStart)).toBe(true);
});

it('a plain process gets nothing', () => {
  expect(links.startOf(plain!, 1)).toBeUndefined();
});

it('a feeder is found at its socket; other notices are sent as they are', () => {
  expect(links.message({ type: 'feeder-ready', feeder: 1, incarnation: 3 })).toEqual({
    type: 'feeder-ready',
    incarnation: 3,
    address: { path: '/run/fleet/feed-1.3' },
  });
  expect(links.message({ type: 'let-go', count: 1 })).toEqual({ type: 'let-go', count: 1 });
});
