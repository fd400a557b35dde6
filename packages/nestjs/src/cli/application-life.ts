import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import type { ConsoleOptions } from './console-options.js';

/** A provider whose shutdown hook hangs holds up the end of the program no longer than this. */
const CLOSE_LIMIT_MS = 30_000;

/**
 * Lets the caller set the application up. `enableShutdownHooks` does nothing there: signals are ours, and Nest's
 * listeners would take the providers from under the work; the hooks run when the application is closed.
 */
export async function configure(app: INestApplicationContext, options: ConsoleOptions): Promise<void> {
  app.enableShutdownHooks = () => app;
  await options.configure?.(app);
}

/** Closes the application and waits for its shutdown hooks, for half a minute at most. */
export async function closeWithin(app: INestApplicationContext, limitMs: number = CLOSE_LIMIT_MS): Promise<void> {
  const limit = new AbortController();
  const late = sleep(limitMs, true, { signal: limit.signal }).catch(() => false);
  const isLate = await Promise.race([app.close().then(() => false), late]);
  limit.abort();
  if (isLate) process.stderr.write(`Timeout waiting for the application's shutdown hooks (${limitMs / 1000} s)\n`);
}
