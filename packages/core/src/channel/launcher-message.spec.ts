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

it.each([
  { type: 'stop' },
  { type: 'log-credit', characters: 0 },
  { type: 'lease', seconds: 0.5 },
  leaseMessage(30),
  START,
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
])('refuses %j', (message) => {
  expect(parseLauncherMessage(message)).toBeUndefined();
});

it('pings are spaced min(5 s, timeout / 3)', () => {
  expect([0, 3, 15, 30, 3600].map(pingIntervalMs)).toEqual([5000, 1000, 5000, 5000, 5000]);
});
