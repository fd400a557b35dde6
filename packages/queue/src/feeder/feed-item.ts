import type { Claimed } from '../source/item-source.js';
import type { ConsumerRecord } from './consumer-record.js';
import type { ItemGroup } from './item-groups.js';

/**
 * - `ready`: claimed, no consumer has it
 * - `sent`: a consumer has it
 * - `supposed`: a consumer that had nothing has it, and begins it when it comes, if it comes
 * - `begun`: that consumer has said that it begins
 * - `answered`: the source was told the outcome and has not yet taken it
 */
export type ItemState = 'ready' | 'sent' | 'supposed' | 'begun' | 'answered';

/** One item of the feeder, from its claim until it is settled. */
export class FeedItem {
  /** From 1, in the order of the claims; 0 until it is known. */
  id = 0;
  state: ItemState = 'ready';
  /** Who has it, or has answered it. */
  holder: ConsumerRecord | undefined = undefined;
  /** What was sent or begun together with it. */
  group: ItemGroup | undefined = undefined;
  /** When it was claimed or came back, in whole monotonic milliseconds. */
  readyAt = 0;

  constructor(
    readonly claimed: Claimed,
    /** JSON, or the bytes of a Buffer. */
    readonly content: string | Buffer,
    readonly attempt: number,
  ) {}

  /** About its bytes. */
  get size(): number {
    return this.content.length;
  }
}

/** Its consumer handles it, or nobody knows better. */
export function isBegun({ state }: FeedItem): boolean {
  return state === 'begun' || state === 'supposed';
}
