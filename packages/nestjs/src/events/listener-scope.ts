import { AsyncLocalStorage } from 'node:async_hooks';

/** Name of the lifecycle event whose listener is running, also after its first `await`. */
export const listenedEvent = new AsyncLocalStorage<string>();
