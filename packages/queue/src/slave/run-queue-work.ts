import type { SlaveHandler, SlaveSession } from '@distributed-architecture/core';
import { runConsumer } from './consumer-process.js';
import { runFeeder } from './feeder-process.js';
import { keepMemoryFlat } from './keep-memory-flat.js';
import { NotInQueueGroupError } from './queue-slave-errors.js';
import type { QueueWork } from './queue-work.js';

/**
 * Runs the work of a queue group as the slave that this session is: its feeder or one of its consumers.
 *
 * @returns the exit code: 0, or 1 when it failed; the error is in the launcher's log
 * @throws NotInQueueGroupError when the launcher runs a plain group
 */
export async function runQueueWork<T>(session: SlaveSession, work: QueueWork<T>): Promise<number> {
  const { queue: channel, handler: slave } = session;
  const { queue: config, name } = slave.groupConfig;
  if (channel === undefined || config === undefined) throw new NotInQueueGroupError(name);
  const run = channel.start.role === 'feeder' ? runFeeder<T> : runConsumer<T>;
  const ended = failAtExit(slave);
  keepMemoryFlat();
  try {
    return await session.run(() => run({ slave, channel, config, work }));
  } finally {
    ended();
  }
}

/** Neither role ends before it is told: with exit code 0 in the midst of it the whole queue group would end as if all were done. */
function failAtExit(slave: SlaveHandler): () => void {
  const onExit = (code: number): void => {
    if (code !== 0 || slave.mustStop) return;
    process.exitCode = 1;
    slave.logger.error('process.exit was called in the midst of the work, which counts as a failure');
  };
  process.on('exit', onExit);
  return () => process.off('exit', onExit);
}
