import { inspect } from 'node:util';
import type { LogLevel, LogOrigin } from './logger.js';

/** `[group] [host] [display]`, without what an origin does not have. */
export function originTags(origin: LogOrigin): string {
  return [origin.group, origin.host, origin.display]
    .filter((part) => part !== undefined)
    .map((part) => `[${part}]`)
    .join(' ');
}

/** Origin of the master's own records. */
export const MASTER_ORIGIN: LogOrigin = { display: 'master' };

/** What a message of any type reads as: text as it is, errors with their stack and cause, what JSON can say as JSON. */
export function messageText(message: unknown): string {
  if (typeof message === 'string') return message;
  if (message instanceof Error || message instanceof Map || message instanceof Set) return inspect(message);
  return typeof message === 'object' ? jsonText(message) : String(message);
}

function jsonText(value: object | null): string {
  try {
    return JSON.stringify(value) ?? inspect(value);
  } catch {
    return inspect(value);
  }
}

/** One line a level and origin, as the default log writes it: `<ISO time> <level> [group] [host] [display] `. */
export function linePrefix(time: string, level: LogLevel, tags: string): string {
  return `${time} ${level} ${tags} `;
}
