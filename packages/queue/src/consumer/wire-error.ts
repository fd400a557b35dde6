import { inspect } from 'node:util';
import type { WireError } from '../protocol/feed-message.js';

/** Longer names of errors are cut, in characters. */
const MAX_NAME = 200;
/** Longer messages and stacks are cut, in characters. */
const MAX_TEXT = 10_000;
/** So many errors behind `cause` are told with the stack. */
const MAX_CAUSES = 4;

/** What a handler has thrown, whatever it is: reading it never throws. */
export function toWireError(thrown: unknown): WireError {
  if (!isError(thrown)) return { name: 'Error', message: cut(textOf(thrown)) };
  const stack = stackOf(thrown);
  return {
    name: cut(read(thrown, 'name') ?? 'Error', MAX_NAME),
    message: cut(read(thrown, 'message') ?? ''),
    ...(stack === undefined ? {} : { stack: cut(stack) }),
  };
}

/** Errors of other realms and libraries are no instances of ours, but have a message. */
function isError(thrown: unknown): thrown is object {
  if (typeof thrown !== 'object' || thrown === null) return false;
  try {
    return thrown instanceof Error || typeof Reflect.get(thrown, 'message') === 'string';
  } catch {
    return false;
  }
}

function read(error: object, property: 'name' | 'message' | 'stack'): string | undefined {
  try {
    const value: unknown = Reflect.get(error, property);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

function stackOf(error: object): string | undefined {
  const stack = read(error, 'stack');
  const causes = causesOf(error).map((cause) => `\n[cause]: ${cause}`);
  return stack === undefined && causes.length === 0 ? undefined : [stack ?? '', ...causes].join('');
}

function causesOf(error: object): string[] {
  const texts: string[] = [];
  try {
    let cause: unknown = Reflect.get(error, 'cause');
    while (cause !== undefined && texts.length < MAX_CAUSES) {
      texts.push(isError(cause) ? (read(cause, 'stack') ?? read(cause, 'message') ?? '') : textOf(cause));
      cause = isError(cause) ? Reflect.get(cause, 'cause') : undefined;
    }
  } catch {
    // A getter that throws: what was read so far is told.
  }
  return texts;
}

function textOf(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown;
  try {
    return inspect(thrown, { depth: 2, maxStringLength: MAX_TEXT });
  } catch {
    return `${typeof thrown} that cannot be told`;
  }
}

function cut(text: string, most = MAX_TEXT): string {
  return text.length <= most ? text : text.slice(0, most);
}
