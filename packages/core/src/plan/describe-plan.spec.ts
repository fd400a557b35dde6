import { expect, it } from 'vitest';
import { describePlan } from './describe-plan.js';

it('has a line for each group, and one for each thing that differs', () => {
  const text = describePlan({
    steps: [
      { action: 'stop', group: 'Old', processes: { before: 2, after: 0 }, changes: [] },
      { action: 'start', group: 'New Group', processes: { before: 0, after: 1 }, changes: [] },
      {
        action: 'restart',
        group: 'Group',
        processes: { before: 2, after: 2 },
        changes: ['timeout: 30 -> 60', 'params.a changed'],
      },
      { action: 'scale', group: 'Queue', processes: { before: 3, after: 5 }, changes: ['consumers on local: 2 -> 4'] },
      { action: 'update', group: 'Other', processes: { before: 1, after: 1 }, changes: ['reload.batch: 1 -> 2'] },
    ],
    atRestart: ['log.level', 'pid_path'],
  });
  expect(text).toBe(
    `
stop      Old        2 processes
start     New Group  1 process
restart   Group      2 processes
          timeout: 30 -> 60
          params.a changed
scale     Queue      3 -> 5 processes
          consumers on local: 2 -> 4
update    Other      nothing starts or stops
          reload.batch: 1 -> 2
When the master is started again: log.level, pid_path`.trim(),
  );
});

it('says that nothing differs', () => {
  expect(describePlan({ steps: [], atRestart: [] })).toBe('No group differs.');
});
