const LONGEST = 200;

/** The start of an item's JSON, for logs. */
export function excerptOf(item: unknown): string {
  try {
    if (item instanceof Uint8Array) return `${item.length} bytes`;
    return (JSON.stringify(item) ?? typeof item).slice(0, LONGEST);
  } catch {
    return 'that cannot be shown';
  }
}
