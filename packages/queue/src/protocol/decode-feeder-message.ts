import { decodeBody, nameOf } from './decode-body.js';
import { byeOf } from './decode-consumer-message.js';
import type { BytesMessage, FeederMessage, ItemsMessage, WelcomeMessage } from './feed-message.js';
import { FeedProtocolError } from './feed-protocol-error.js';
import { MAX_ITEM_SIZE } from './frame-limits.js';
import { isId, isPair, isText, type MessageFields } from './message-fields.js';

/**
 * A message of a feeder, out of the type and the body of its frame. The body of a `bytes` message is part of that buffer.
 *
 * @throws FeedProtocolError unless it is one, with all its fields
 */
export function decodeFeederMessage(type: number, body: Buffer): FeederMessage {
  const name = nameOf(type);
  switch (name) {
    case 'welcome':
      return welcomeOf(decodeBody(name, body));
    case 'items':
      return itemsOf(decodeBody(name, body));
    case 'bytes':
      return bytesOf(body);
    case 'confirm':
    case 'abort':
      return { type: name, ids: decodeBody(name, body).ranges('ids') };
    case 'recall':
    case 'ping':
      decodeBody(name, body);
      return { type: name };
    case 'bye':
      return byeOf(decodeBody(name, body));
    default:
      throw new FeedProtocolError(`A feeder does not send ${name}`);
  }
}

function welcomeOf(fields: MessageFields): WelcomeMessage {
  const adopted = fields.optionalListOf('adopted', isIdPair, 'pairs of numbers');
  return {
    type: 'welcome',
    protocol: fields.integer('protocol', 0),
    feeder: fields.text('feeder'),
    maxItemSize: fields.integer('maxItemSize', 1, MAX_ITEM_SIZE),
    ...(adopted === undefined ? {} : { adopted }),
  };
}

function itemsOf(fields: MessageFields): ItemsMessage {
  const items = fields.list('items');
  const first = fields.integer('first', 1, Number.MAX_SAFE_INTEGER - items.length);
  const attempt = fields.integer('attempt', 1);
  const keys = fields.optionalListOf('keys', isText, 'texts');
  if (items.length === 0) throw new FeedProtocolError('items: there are none');
  const begun = fields.optionalInteger('begun', 1, items.length);
  if (keys !== undefined && keys.length !== items.length) {
    throw new FeedProtocolError(`items: ${keys.length} keys for ${items.length} items`);
  }
  return {
    type: 'items',
    first,
    attempt,
    items,
    ...(begun === undefined ? {} : { begun }),
    ...(keys === undefined ? {} : { keys }),
  };
}

/** Bytes before the head: its length. */
const HEAD = 4;

function bytesOf(body: Buffer): BytesMessage {
  const end = body.length < HEAD ? Infinity : HEAD + body.readUInt32BE(0);
  if (end > body.length) throw new FeedProtocolError(`bytes: its head ends after the frame of ${body.length} bytes`);
  const fields = decodeBody('bytes', body.subarray(HEAD, end));
  const begun = fields.optionalInteger('begun', 1, 1);
  const key = fields.optionalText('key');
  return {
    type: 'bytes',
    id: fields.integer('id', 1),
    attempt: fields.integer('attempt', 1),
    body: body.subarray(end),
    ...(begun === undefined ? {} : { begun }),
    ...(key === undefined ? {} : { key }),
  };
}

function isIdPair(value: unknown): value is [number, number] {
  return isPair(value) && isId(value[0]) && isId(value[1]);
}
