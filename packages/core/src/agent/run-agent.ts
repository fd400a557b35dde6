import type { RunAgentOptions } from './start-agent.js';

export type { RunAgentOptions };

/**
 * Is the agent of a master at the other end of a pipe, such as standard input and output: supervises here what the master
 * wants. Nothing else may be written to `output`; what is not a message the master logs and ignores.
 *
 * Resolves when the agent has ended: the master has said goodbye, or the pipe is closed and with it the lease has ended.
 */
export async function runAgent(options: RunAgentOptions): Promise<void> {
  const { startAgent } = await import('./start-agent.js');
  const { promise, resolve } = Promise.withResolvers<void>();
  startAgent(options, resolve);
  await promise;
}
