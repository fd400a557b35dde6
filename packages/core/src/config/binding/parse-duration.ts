const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };
const WITH_UNIT = /^(\d+(?:\.\d+)?|\.\d+) *(ms|s|m|h|d)?$/;

/** What `parseDuration` reads, as the pattern of a schema. */
export const DURATION_PATTERN = `^\\s*${WITH_UNIT.source.slice(1, -1)}\\s*$`;

/** Seconds of `90`, `1.5`, `500ms`, `30s`, `2m`, `1h` or `7d`; undefined for any other text. */
export function parseDuration(text: string): number | undefined {
  const match = WITH_UNIT.exec(text.trim());
  if (!match) return undefined;
  const [, amount, unit = 's'] = match;
  // Divided rather than multiplied by 0.001, which would make 0.07 of 70ms inexact.
  return unit === 'ms' ? Number(amount) / 1000 : Number(amount) * UNITS[unit]!;
}

/** The shortest writing of a number of seconds, for people: `500ms`, `2m`, `1.5s`. */
export function formatDuration(seconds: number): string {
  if (seconds > 0 && seconds < 1) return `${Math.round(seconds * 1000)}ms`;
  const unit = ['d', 'h', 'm'].find((candidate) => seconds >= UNITS[candidate]! && seconds % UNITS[candidate]! === 0);
  return unit ? `${seconds / UNITS[unit]!}${unit}` : `${seconds}s`;
}
