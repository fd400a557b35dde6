import { setImmediate as nextTurn } from 'node:timers/promises';

/** Resolves when what was said so far has left this process, or never can. */
export async function flushOutput(): Promise<void> {
  // The log is written in batches, one a turn of the event loop.
  await nextTurn();
  await Promise.all([process.stdout, process.stderr].map(flushed));
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    // A reader that is gone takes nothing more.
    stream.once('error', () => resolve());
    stream.write('', () => resolve());
  });
}
