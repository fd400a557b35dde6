import { MAX_CONSUMER_FRAME } from './feed-message.js';

/** Largest body of a `hello` and of a `welcome`. */
export const GREETING_FRAME = MAX_CONSUMER_FRAME;

/** Most numbers of items that one list of ranges may stand for, and most entries of any other list. */
export const MAX_IDS = 1_000_000;

/** Largest `maxItemSize`: a JSON text much larger is no string any more. */
export const MAX_ITEM_SIZE = 268_435_456;

/** Largest body of a feeder's frame after its welcome: one item of the largest size with what is around it, or a long list. */
export function feederFrame(maxItemSize: number): number {
  return MAX_CONSUMER_FRAME + maxItemSize;
}
