import { expect, it } from 'vitest';
import { parseLauncherMessage } from './launcher-message.js';
import { leaseMessage } from './lease-message.js';
import { pingIntervalMs } from './protocol.js';

const START = {
  type: 'start',
  protocol: 1,
  id: 1,
  groupId: 1,
  groupCount: 1,
  incarnation: 1,
  epoch: 1_767_225_600_000,
  config: { name: 'Group' },
};

const KEY = Buffer.alloc(32).toString('base64');

it.each([
  { type: 'stop' },
  { type: 'log-credit', characters: 0 },
  { type: 'lease', seconds: 0.5 },
  leaseMessage(30),
  START,
  { ...START, queue: { role: 'consumer', key: KEY } },
  { ...START, queue: { role: 'feeder', key: KEY, socket: '/run/x/feed-1.1', tcp: { host: '0.0.0.0', port: 9999 } } },
  { type: 'feeder-ready', incarnation: 2, address: { path: '/run/x/feed-1.2' } },
  { type: 'feeder-ready', incarnation: 2, address: { host: '::1', port: 9999 } },
  { type: 'feeder-gone', incarnation: 2 },
  { type: 'consumer-gone', id: 3, incarnation: 1 },
  { type: 'let-go', count: 2 },
])('takes %j', (message) => {
  expect(parseLauncherMessage(message)).toBe(message);
});

it.each([
  undefined,
  null,
  'stop',
  ['stop'],
  {},
  { type: 'log-credit' },
  { type: 'log-credit', characters: -1 },
  { type: 'log-credit', characters: Infinity },
  { type: 'lease' },
  { type: 'lease', seconds: -1 },
  { type: 'lease', seconds: null },
  { type: 'lease', seconds: 1, sentAt: 'now' },
  { ...START, id: undefined },
  { ...START, epoch: '1' },
  { ...START, config: undefined },
  { ...START, config: [] },
  { ...START, config: { name: 1 } },
  { ...START, queue: null },
  { ...START, queue: { role: 'master', key: KEY } },
  { ...START, queue: { role: 'feeder' } },
  { ...START, queue: { role: 'feeder', key: 'short' } },
  { ...START, queue: { role: 'feeder', key: KEY, socket: 1 } },
  { ...START, queue: { role: 'feeder', key: KEY, tcp: { host: 'x', port: 65_536 } } },
  { type: 'feeder-ready', incarnation: 2 },
  { type: 'feeder-ready', incarnation: 2, address: { host: 'x' } },
  { type: 'feeder-ready', incarnation: '2', address: { path: 'x' } },
  { type: 'feeder-gone' },
  { type: 'consumer-gone', id: 3 },
  { type: 'let-go', count: 1.5 },
  { type: 'toString' },
])('refuses %j', (message) => {
  expect(parseLauncherMessage(message)).toBeUndefined();
});

it('pings are spaced min(5 s, timeout / 3)', () => {
  expect([0, 3, 15, 30, 3600].map(pingIntervalMs)).toEqual([5000, 1000, 5000, 5000, 5000]);
});
