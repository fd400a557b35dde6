import type { ManagedProcess, QueueView } from '@distributed-architecture/core';
import { expect, it } from 'vitest';
import { describeStatistics } from './statistics.js';

it('a line for each group, and one of all', () => {
  const processes = [
    { group: 'A', state: 'running' },
    { group: 'A', state: 'backoff' },
    { group: 'Q', state: 'running' },
  ] as ManagedProcess[];
  const queues = [{ group: 'Q', waiting: 5, held: 2, done: 7, failed: 1 }] as QueueView[];
  const lines = describeStatistics({ groups: ['A', 'Q', 'Empty'], processes, queues });
  expect(lines.slice(0, 3)).toEqual([
    'Group A: 1 running, 1 backoff',
    'Group Q: 1 running; items: 5 waiting, 2 held, 7 done, 1 failed',
    'Group Empty: none',
  ]);
  expect(lines[3]).toMatch(/^All 3 processes: 2 running, 1 backoff; this master: up \d+ s, \d+ MB$/u);
});
