import { isRelay, runRelay, SlaveSession } from '@distributed-architecture/core';
import { NotInQueueGroupError } from './queue-slave-errors.js';
import type { QueueWork } from './queue-work.js';
import { runQueueWork } from './run-queue-work.js';

/**
 * Runs a plain script as the feeder or a consumer of a queue group, whichever its launcher has started it for:
 *
 * ```js
 * await runQueueSlave({
 *   getFeeder: () => ['a.txt', 'b.txt'],
 *   handleItem: async (handler, file) => console.log(await countWords(file)),
 * });
 * ```
 *
 * An error of the work is in the launcher's log, and the exit code is 1. With the argument `run-agent` it is the way to
 * the agent of this host, as with `runSlave`.
 *
 * @throws NotInQueueGroupError when no launcher has started it, or not as part of a queue group
 */
export async function runQueueSlave<T>(work: QueueWork<T>): Promise<void> {
  if (isRelay()) return runRelay();
  const session = await SlaveSession.open();
  if (session === null) throw new NotInQueueGroupError();
  try {
    process.exitCode = await runQueueWork(session, work);
  } finally {
    await session.close();
  }
}
