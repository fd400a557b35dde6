import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/** A reader that takes nothing holds up the end of the program no longer than this; the launcher has waited before. */
const LIMIT_MS = 2000;

/** Resolves when what was said so far has left this process, or will not. */
export async function flushOutput(): Promise<void> {
  // The log is written in batches, one a turn of the event loop.
  await nextTurn();
  const all = Promise.all([process.stdout, process.stderr].map(flushed));
  await Promise.race([all, sleep(LIMIT_MS, undefined, { ref: false })]);
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    // A reader that is gone takes nothing more.
    stream.once('error', () => resolve());
    stream.write('', () => resolve());
  });
}
