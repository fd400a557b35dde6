import { expect, it } from 'vitest';
import { WorkTotals } from './work-totals.js';

const items = { busy: 0, done: 0, failed: 0, released: 3 };

it('of processes that there are no more only the sum of what they have done is kept', () => {
  const totals = new WorkTotals();
  for (const id of [1, 2, 3]) totals.add({ id, group: 'Mail' }, 1, { items });
  totals.keepOnly(new Set([2]));
  expect(totals.size).toBe(1);
  totals.add({ id: 2, group: 'Mail' }, 1, { items: { ...items, released: 4 } });
  expect(totals.of('Mail')?.released).toBe(10);
});

it('what tells nothing of items makes no totals', () => {
  const totals = new WorkTotals();
  totals.add({ id: 1, group: 'Crons' }, 1, {});
  expect(totals.of('Crons')).toBeUndefined();
});
