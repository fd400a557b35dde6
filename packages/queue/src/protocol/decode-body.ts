import { isUtf8 } from 'node:buffer';
import { type FeedMessage, FRAME_TYPES } from './feed-message.js';
import { FeedProtocolError } from './feed-protocol-error.js';
import { MessageFields } from './message-fields.js';

const NAMES = new Map<number, FeedMessage['type']>(
  Object.entries(FRAME_TYPES).map(([name, type]) => [type, name as FeedMessage['type']]),
);

/** @throws FeedProtocolError */
export function nameOf(type: number): FeedMessage['type'] {
  const name = NAMES.get(type);
  if (name === undefined) throw new FeedProtocolError(`There is no message of type ${type}`);
  return name;
}

/**
 * The fields of a JSON text.
 *
 * @throws FeedProtocolError
 */
export function decodeBody(name: string, body: Buffer): MessageFields {
  // Else a broken text would become another one, without a word.
  if (!isUtf8(body)) throw new FeedProtocolError(`${name}: its text is not UTF-8`);
  return new MessageFields(name, parse(name, body.toString()));
}

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FeedProtocolError(`${name}: its text is not JSON`, { cause: error });
  }
}
