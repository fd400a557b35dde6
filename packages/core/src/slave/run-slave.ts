import { isRelay, runRelay } from '../agent/run-relay.js';
import type { SlaveHandler } from './slave-handler.js';
import { SlaveSession, type SlaveRunOptions } from './slave-session.js';

/**
 * Runs the work of a plain script as a slave:
 *
 * ```js
 * await runSlave(async (handler) => {
 *   while (handler && (await handler.sleep(1))) console.log(handler.groupConfig.params.message);
 * });
 * ```
 *
 * An error of the work is in the launcher's log, and the exit code is 1. Started by hand (no launcher) the work gets
 * null and its error is thrown.
 *
 * Started as `node <script> run-agent` it is the way to the agent of this host, by which a master on another one runs
 * slaves here: the work is not called, and the program ends with that connection.
 */
export async function runSlave(
  body: (handler: SlaveHandler | null) => Promise<void>,
  options: SlaveRunOptions = {},
): Promise<void> {
  if (isRelay()) return runRelay();
  const session = await SlaveSession.open();
  if (session === null) return body(null);
  process.exitCode = await session.run(body, options);
  await session.close();
}
