import type { Clock, Logger } from '@distributed-architecture/core';
import { addressText } from '../transport/address-text.js';
import { FeedAddressError } from '../transport/feed-address-error.js';
import { listen, type Listening, type ListenOptions } from '../transport/listen.js';

const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 30_000;

/** What others may end: somebody else listens there, or the interface is not up. */
const PASSING = new Set(['EADDRINUSE', 'EADDRNOTAVAIL']);

export interface PatientOptions extends ListenOptions {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The address is not free; then: it is, or is not waited for any more. */
  readonly onWaiting?: (waiting: boolean) => void;
}

/**
 * Listens as soon as the address is free.
 *
 * @returns undefined when it was aborted before
 * @throws FeedAddressError
 */
export async function listenPatiently(options: PatientOptions): Promise<Listening | undefined> {
  let waits = false;
  const wait = (waiting: boolean): void => {
    if (waits !== waiting) options.onWaiting?.(waiting);
    waits = waiting;
  };
  try {
    return await listenWhenFree(options, wait);
  } finally {
    wait(false);
  }
}

async function listenWhenFree(
  options: PatientOptions,
  wait: (waiting: boolean) => void,
): Promise<Listening | undefined> {
  const { address, logger, signal } = options;
  for (let delayMs = FIRST_DELAY_MS; !signal.aborted; delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS)) {
    try {
      return await listen(options);
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      if (!PASSING.has(code)) throw new FeedAddressError(addressText(address), message, { cause: error });
      const problem = code === 'EADDRINUSE' ? 'is in use' : 'is no address of this machine now';
      logger.error(`${addressText(address)} ${problem}: waiting, tried again in ${delayMs / 1000} s`);
      wait(true);
      await delay(options, delayMs);
    }
  }
  return undefined;
}

function delay({ clock, signal }: PatientOptions, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.setTimer(delayMs, end);
    signal.addEventListener('abort', end);
  });
}
