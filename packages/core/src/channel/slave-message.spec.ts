import { expect, it } from 'vitest';
import { LOG_LEVELS } from '../logger/logger.js';
import { parseSlaveMessage } from './slave-message.js';

const COUNTS = { waiting: 5, held: 4, consumers: 3, idle: 0, letGo: 0, done: 7, failed: 1 };
const DEMAND = { type: 'demand', ...COUNTS, waitedMs: 0.5 };

it.each([
  { type: 'ready', protocol: 1 },
  { type: 'ready', protocol: 1, adopts: true },
  DEMAND,
  { ...DEMAND, clearMs: 20.5 },
  { type: 'leaving', id: 2, incarnation: 1 },
  { type: 'kill-request', id: 2, incarnation: 1, reason: 'item 7 did not let go' },
  { type: 'drained', feeder: 1 },
  { type: 'ping' },
  { type: 'ping', more: 'of a later version' },
  { type: 'stats', rss: 50_000_000, cpu: 1.5, lag: 0 },
  { type: 'stats', rss: 1, cpu: 0, lag: 0, items: { busy: 1, done: 2, failed: 3, released: 4 } },
  { type: 'ended', code: 0 },
  { type: 'log', level: 'log', message: '' },
  { type: 'log', level: 'log', message: 'x', context: 'Users' },
  ...LOG_LEVELS.map((level) => ({ type: 'log', level, message: 'x' })),
])('takes %j', (message) => {
  expect(parseSlaveMessage(message)).toBe(message);
});

it.each([
  undefined,
  null,
  0,
  'ping',
  [],
  [{ type: 'ping' }],
  {},
  { type: 'unknown' },
  { type: ['ping'] },
  { type: 'ready' },
  { type: 'ready', protocol: '1' },
  { type: 'ready', protocol: 1, adopts: 'yes' },
  { type: 'demand' },
  { ...DEMAND, waiting: -1 },
  { ...DEMAND, clearMs: Infinity },
  { ...DEMAND, waitedMs: undefined },
  { type: 'leaving', id: 2 },
  { type: 'kill-request', id: 2, incarnation: 1 },
  { type: 'drained' },
  { type: 'toString' },
  { type: 'ready', protocol: 1.5 },
  { type: 'ready', protocol: -1 },
  { type: 'stats' },
  { type: 'stats', rss: -1, cpu: 0, lag: 0 },
  { type: 'stats', rss: 1.5, cpu: 0, lag: 0 },
  { type: 'stats', rss: 1, cpu: '0', lag: 0 },
  { type: 'stats', rss: 1, cpu: 0, lag: null },
  { type: 'stats', rss: 1, cpu: 0, lag: 0, items: { busy: 1 } },
  { type: 'stats', rss: 1, cpu: 0, lag: 0, times: { counts: [1], sum: 0 } },
  { type: 'ended' },
  { type: 'ended', code: 1e300 },
  { type: 'log' },
  { type: 'log', level: 'log' },
  { type: 'log', level: 'log', message: 7 },
  { type: 'log', level: 'toString', message: 'x' },
  { type: 'log', level: 'log', message: 'x', context: {} },
  { type: 'log', level: 'log', message: 'x', context: null },
])('refuses %j', (message) => {
  expect(parseSlaveMessage(message)).toBeUndefined();
});
