import { isInteger, isRecord, isText } from '../channel/checks.js';
import type { ProtocolVersion } from './protocol.js';

/** No message lists more. */
const MOST_ENTRIES = 100_000;

/** A number from 0 that is finite: milliseconds, seconds, or a share. */
export function isDuration(value: unknown): value is number {
  return Number.isFinite(value) && (value as number) >= 0;
}

export function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

export function isOptional(value: unknown, check: (value: unknown) => boolean): boolean {
  return value === undefined || check(value);
}

export function isListOf(value: unknown, check: (each: unknown) => boolean): value is unknown[] {
  return Array.isArray(value) && value.length <= MOST_ENTRIES && value.every(check);
}

export function isTextList(value: unknown): value is string[] {
  return isListOf(value, isText);
}

export function isVersion(value: unknown): value is ProtocolVersion {
  return isRecord(value) && isInteger(value.major) && isInteger(value.minor);
}
