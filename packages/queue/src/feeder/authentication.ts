import { timingSafeEqual } from 'node:crypto';
import { consumerKey } from '@distributed-architecture/core';
import type { HelloMessage } from '../protocol/feed-message.js';

/**
 * How consumers prove who they are: over TLS by the key of their connection, else by the key in their hello.
 *
 * @param key of the queue group; undefined: nobody has to
 */
export function proofBy(key: Buffer | undefined): (hello: HelloMessage, identity?: string) => string | undefined {
  return (hello, identity) => {
    const name = `${hello.id}.${hello.incarnation}`;
    if (identity !== undefined) return identity === name ? undefined : `its connection is that of ${identity}`;
    if (key === undefined || isKey(hello.key, consumerKey(key, hello.id, hello.incarnation))) return undefined;
    return 'its key is wrong';
  };
}

function isKey(given: string | undefined, expected: Buffer): boolean {
  const bytes = Buffer.from(given ?? '', 'base64');
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
}
