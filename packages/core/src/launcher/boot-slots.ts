import { availableParallelism } from 'node:os';

/** Enough to keep a processor busy while one of them waits for its disk. */
const BOOTS_PER_PROCESSOR = 2;

/** How many processes boot at a time on this machine. */
export function bootSlots(): number {
  return BOOTS_PER_PROCESSOR * availableParallelism();
}
