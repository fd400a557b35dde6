// Items, and what handling them is like: all of it follows from the seed and the number of the item.
import { crc32 } from 'node:zlib';

function mixed(seed, number) {
  let hash = Math.imul(seed ^ number, 0x9e3779b1) ^ Math.imul(number, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
  return (hash ^ (hash >>> 13)) >>> 0;
}

export function textOf(seed, number) {
  const hash = mixed(seed, number);
  return hash.toString(36).repeat(hash % 1000 === 0 ? 10_000 : 1 + (hash % 8));
}

/** Some are bytes. */
export function toItem(parts) {
  return parts.number % 101 === 0 ? Buffer.from(JSON.stringify(parts)) : parts;
}

export function fromItem(item) {
  return Buffer.isBuffer(item) ? JSON.parse(item.toString()) : item;
}

export function sumOf({ number, text }) {
  return crc32(`${number} ${text}`);
}

/** How long an item takes, in milliseconds: most nothing, some a little, a few long. Some fail; some never end. */
export function behaviourOf(seed, number, hangEvery) {
  const hash = mixed(seed + 1, number) % 10_000;
  if (hangEvery > 0 && number % hangEvery === 0) return { hangs: number % (2 * hangEvery) === 0 ? 'deaf' : 'obedient' };
  if (hash < 10) return { ms: 200 };
  if (hash < 160) return { ms: 5 + (hash % 15) };
  if (hash < 200) return { fails: true };
  return hash < 1000 ? { ms: 1 } : { ms: 0 };
}
