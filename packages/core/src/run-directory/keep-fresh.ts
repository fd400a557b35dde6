import { readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

/** Systems remove what nobody has touched in the temporary folder for some days. */
const FRESHEN_MS = 12 * 3_600_000;

/**
 * Touches a folder, and what is directly in it, again and again.
 *
 * @returns the function that ends it
 */
export function keepFresh(folder: string): () => void {
  const timer = setInterval(() => freshen(folder), FRESHEN_MS).unref();
  return () => clearInterval(timer);
}

function freshen(folder: string): void {
  const now = new Date();
  try {
    for (const name of ['.', ...readdirSync(folder)]) utimesSync(join(folder, name), now, now);
  } catch {
    // What is gone needs no new time.
  }
}
