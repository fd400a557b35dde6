import type { Writable } from 'node:stream';

const ENDS = ['drain', 'close', 'error'] as const;

/** Resolves when the stream accepts more, or never will again. */
export function drained(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of ENDS) stream.off(event, done);
      resolve();
    };
    for (const event of ENDS) stream.on(event, done);
  });
}
