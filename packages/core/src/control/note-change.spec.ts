import { expect, it } from 'vitest';
import type { ChangeEvent } from '../event-journal/journal-event.js';
import { ChangeRunningError } from './control-errors.js';
import type { ReloadResult } from './fleet-control.js';
import { noteChange } from './note-change.js';

const RELOAD = { change: 'reload', group: 'Group' } as const;

it.each<[what: string, action: () => Promise<ReloadResult | void>, end: object]>([
  ['ends well', async () => ({ completed: true, replaced: 2, left: 0 }), { outcome: 'ok' }],
  ['has no result', async () => {}, { outcome: 'ok' }],
  [
    'ends early',
    async () => ({ completed: false, replaced: 1, left: 1, reason: 'a crash' }),
    { outcome: 'incomplete', message: 'a crash', result: { left: 1 } },
  ],
  [
    'fails with an error of ours',
    async () => Promise.reject(new ChangeRunningError('scale')),
    { outcome: 'CHANGE_RUNNING', message: expect.stringContaining('a scale is under way') },
  ],
  [
    'fails with another error',
    async () => {
      throw new RangeError('too much');
    },
    { outcome: 'INTERNAL', message: 'too much' },
  ],
])('a change that %s', async (_what, action, end) => {
  const noted: ChangeEvent[] = [];
  const result = await noteChange((event) => noted.push(event), RELOAD, action).catch((error: unknown) => error);
  expect(noted[0]).toEqual({ type: 'change_started', ...RELOAD });
  expect(noted[1]).toMatchObject({ type: 'change_ended', ...RELOAD, ...end });
  expect(noted).toHaveLength(2);
  // Who asked for it gets what came of it.
  const expected: unknown = await action().catch((error: unknown) => error);
  expect(result).toEqual(expected);
});
