import type { FleetStatus, GroupStatus, ProcessStatus } from '@distributed-architecture/core';
import { describe, expect, it } from 'vitest';
import { duration, statusReport } from './status-report.js';

const GROUP: GroupStatus = {
  name: 'First Group',
  kind: 'group',
  command: 'app:test-command',
  suspended: false,
  states: { running: 1, backoff: 1 },
  restarts: 3,
  timeouts: 1,
};

const FLEET: FleetStatus = {
  name: 'my-app',
  version: '0.1.0',
  node: 'v24.0.0',
  pid: 4711,
  epoch: 5,
  service: true,
  phase: 'running',
  startedAt: '2026-01-31T12:00:00.000Z',
  uptime: 3725.4,
  rss: 81.6,
  cpu: 0.034,
  loopLag: 0.002,
  groups: [GROUP],
};

const PROCESS: ProcessStatus = {
  id: 1,
  groupId: 1,
  groupCount: 2,
  group: 'First Group',
  host: 'localhost',
  command: 'app:test-command',
  display: 'app:test-command/1/1',
  state: 'running',
  pid: 5000,
  incarnation: 4,
  uptime: 12.3,
  restarts: 3,
  timeouts: 1,
  exits: [{ at: '2026-01-31T12:00:00.000Z', incarnation: 3, code: 1, signal: null, reason: 'ended', forced: false }],
  rss: 64.2,
  cpu: 0.5,
};

async function linesOf(status: Parameters<typeof statusReport>[0]): Promise<string[]> {
  return (await statusReport(status)).split('\n').map((line) => line.replaceAll(/ {2,}/gu, '  '));
}

describe('the status of a master, for people', () => {
  it('has a line of the master, then its groups, then its processes', async () => {
    const idle = {
      ...PROCESS,
      id: 2,
      state: 'backoff' as const,
      pid: undefined,
      uptime: undefined,
      rss: undefined,
      cpu: undefined,
    };
    expect(await linesOf({ ...FLEET, processes: [PROCESS, { ...idle, exits: [] }] })).toEqual([
      'my-app is running (service, pid 4711, up 1h 2m, RSS 82 MB, CPU 3 %)',
      '',
      'GROUP  KIND  COMMAND  PROCESSES  RESTARTS  TIMEOUTS  ITEMS',
      'First Group  group  app:test-command  1 running, 1 backoff  3  1  -',
      '',
      'ID  GROUP  HOST  PROCESS  STATE  PID  UPTIME  RESTARTS  LAST EXIT  RSS  CPU  ITEMS',
      ' 1  First Group  localhost  app:test-command/1/1  running  5000  12s  3  ended (1)  64 MB  50 %  -',
      ' 2  First Group  localhost  app:test-command/1/1  backoff  -  -  3  -  -  -  -',
      '',
    ]);
  });

  it('says what is under way, what is suspended, and how queues do', async () => {
    const queue = { waiting: 5, held: 2, done: 100, failed: 1, consumers: 3, rate: 10, timeToClear: 1 };
    const group: GroupStatus = {
      ...GROUP,
      kind: 'queue-group',
      suspended: true,
      states: { stopping: 1, suspended: 1 },
      queue,
    };
    const consumer: ProcessStatus = {
      ...PROCESS,
      role: 'consumer',
      items: { busy: 1, done: 50, failed: 1, released: 0 },
    };
    const lines = await linesOf({ ...FLEET, service: false, change: 'reload', groups: [group], processes: [consumer] });
    expect(lines[0]).toBe(
      'my-app is running (foreground, pid 4711, up 1h 2m, RSS 82 MB, CPU 3 %, a reload is under way)',
    );
    expect(lines[3]).toBe(
      'First Group  queue  app:test-command  1 stopping, 1 suspended (suspended)  3  1  5 waiting, 2 held, 100 done, 1 failed',
    );
    expect(lines[6]).toContain('1 busy, 50 done, 1 failed');
  });

  it('prints names of any letters, but nothing that moves the cursor', async () => {
    const named = { ...GROUP, name: 'Größe "日本" \u001B[2J' };
    const text = await statusReport({ ...FLEET, groups: [named], processes: [] });
    expect(text).toContain('Größe "日本" ?[2J');
    expect(text).not.toContain('\u001B');
  });
});

it.each([
  [0, '0s'],
  [0.4, '0s'],
  [59.9, '59s'],
  [60, '1m'],
  [3725, '1h 2m'],
  [90_000, '1d 1h'],
  [864_000, '10d'],
])('a duration of %d s is written as %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
