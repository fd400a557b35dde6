import type { SlaveSession } from '@distributed-architecture/core';
import { expect, it } from 'vitest';
import { playHandler } from './launched-process.spec.helper.js';
import { NotInQueueGroupError } from './queue-slave-errors.js';
import { runQueueWork } from './run-queue-work.js';

it('refuses to be a plain group', async () => {
  const session = { queue: undefined, handler: playHandler(new AbortController().signal) };
  const work = { getFeeder: () => [], handleItem: () => {} };
  await expect(runQueueWork(session as Partial<SlaveSession> as SlaveSession, work)).rejects.toThrow(
    new NotInQueueGroupError('Queue').message,
  );
});
