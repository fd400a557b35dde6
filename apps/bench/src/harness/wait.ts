import { setTimeout as delay } from 'node:timers/promises';

/** How long a benchmark waits for anything before it gives up. */
const PATIENCE_MS = 60_000;

/** Asks again every `everyMs` until the answer is true. Throws when that takes one minute. */
export async function waitUntil(what: string, condition: () => boolean, everyMs = 5): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Waited ${PATIENCE_MS / 1000} s in vain: ${what}`);
    await delay(everyMs);
  }
}

/** The promise's result. Throws when it takes one minute. */
export async function within<T>(what: string, promise: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = delay(PATIENCE_MS, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`Waited ${PATIENCE_MS / 1000} s in vain: ${what}`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    timer.abort();
    late.catch(() => undefined);
  }
}
