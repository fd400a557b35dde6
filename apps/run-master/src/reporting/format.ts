const NUMBERS = new Intl.NumberFormat('en');
const BAR_LENGTH = 10;

/** 12345 as `12,345`. */
export function count(value: number): string {
  return NUMBERS.format(value);
}

/** Bytes for people: `512 B`, `1.5 kB`, `48.1 MB`. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  if (bytes < 1_000_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${(bytes / 1_000_000_000).toFixed(1)} GB`;
}

/** @param share from 0 to 1 */
export function bar(share: number): string {
  const full = Math.round(share * BAR_LENGTH);
  return '█'.repeat(full) + '░'.repeat(BAR_LENGTH - full);
}

/** A path as one harmless piece of a line: no control characters, and its end when it is longer than `length`. */
export function shortPath(path: string, length: number): string {
  const printable = path.replace(/\p{Cc}/gu, '?');
  return printable.length <= length ? printable : `…${printable.slice(1 - length)}`;
}
