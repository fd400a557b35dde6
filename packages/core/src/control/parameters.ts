import { didYouMean } from '../config/binding/suggest.js';
import { ControlRequestError } from './control-errors.js';
import type { Body } from './request-body.js';

/** @throws ControlRequestError for a key that means nothing here: nobody shall believe that it did something */
export function assertKeys(given: Iterable<string>, known: readonly string[]): void {
  for (const key of given) {
    if (known.includes(key)) continue;
    const allowed = known.length === 0 ? 'there are none here' : `known: ${known.join(', ')}`;
    throw new ControlRequestError(400, `Unknown parameter "${key}"${didYouMean(key, known)}; ${allowed}`);
  }
}

export function flagOf(body: Body, key: string): boolean {
  const value = body[key] ?? false;
  if (typeof value === 'boolean') return value;
  throw new ControlRequestError(400, `"${key}" has to be true or false`);
}

export function textOf(body: Body, key: string): string | undefined {
  const value = body[key] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw new ControlRequestError(400, `"${key}" has to be a text`);
}

/** @returns a whole number of at least 1 */
export function countOf(body: Body, key: string, most: number): number {
  const value = body[key];
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new ControlRequestError(400, `"${key}" has to be a whole number from 1 to ${most}`);
}

/** A number in a query. */
export function numberOf(query: URLSearchParams, key: string, most: number): number | undefined {
  const text = query.get(key);
  return text === null ? undefined : countOf({ [key]: text === '' ? NaN : Number(text) }, key, most);
}

/** `1` and `true`, `0` and `false`. */
export function switchOf(query: URLSearchParams, key: string, byDefault: boolean): boolean {
  const text = query.get(key);
  if (text === null) return byDefault;
  if (text === '1' || text === 'true' || text === '') return true;
  if (text === '0' || text === 'false') return false;
  throw new ControlRequestError(400, `"${key}" has to be 1 or 0`);
}

/** A moment: ISO 8601, or milliseconds since 1970. */
export function momentOf(query: URLSearchParams, key: string): Date | undefined {
  const text = query.get(key);
  if (text === null) return undefined;
  const date = new Date(/^\d+$/.test(text) ? Number(text) : text);
  if (!Number.isNaN(date.getTime())) return date;
  throw new ControlRequestError(400, `"${key}" has to be a moment: 2026-01-31T12:00:00Z, or milliseconds since 1970`);
}

export function listOf(query: URLSearchParams, key: string): string[] | undefined {
  const texts = query.getAll(key).flatMap((text) => text.split(','));
  return texts.length === 0 ? undefined : texts.filter((text) => text !== '');
}
