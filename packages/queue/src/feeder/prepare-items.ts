import { ItemFailedError } from '../source/item-errors.js';
import type { Claimed, FailedItem } from '../source/item-source.js';
import { FeedItem } from './feed-item.js';

/** UTF-8 takes at most so many bytes for one unit of a string. */
const LONGEST_UNIT = 3;

export interface PreparedItems {
  readonly items: FeedItem[];
  /** What cannot be sent. */
  readonly invalid: FailedItem[];
}

/** What was claimed, as it goes over the wire: each item is made JSON once. */
export function prepareItems(claims: readonly Claimed[], maxItemSize: number): PreparedItems {
  const items: FeedItem[] = [];
  const invalid: FailedItem[] = [];
  for (const claimed of claims) {
    const content = contentOf(claimed.item, maxItemSize);
    if (content instanceof ItemFailedError) invalid.push({ claimed, reason: content });
    else items.push(new FeedItem(claimed, content, claimed.attempt ?? 1));
  }
  return { items, invalid };
}

function contentOf(item: unknown, maxItemSize: number): string | Buffer | ItemFailedError {
  try {
    const content = item instanceof Uint8Array ? toBuffer(item) : (JSON.stringify(item) as string | undefined);
    if (content === undefined) return invalidItem(`${typeof item} is no JSON value`);
    const size = sizeOf(content, maxItemSize);
    return size > maxItemSize ? invalidItem(`${size} bytes, the largest item has ${maxItemSize}`) : content;
  } catch (error) {
    return invalidItem(error instanceof Error ? error.message : 'it threw while it was made JSON', error);
  }
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Exact only where it matters. */
function sizeOf(content: string | Buffer, maxItemSize: number): number {
  if (typeof content !== 'string' || content.length * LONGEST_UNIT <= maxItemSize) return content.length;
  return Buffer.byteLength(content);
}

function invalidItem(problem: string, cause?: unknown): ItemFailedError {
  return new ItemFailedError({ kind: 'invalid', message: `The item cannot be sent: ${problem}`, cause });
}
