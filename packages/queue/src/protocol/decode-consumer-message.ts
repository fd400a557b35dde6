import { decodeBody, nameOf } from './decode-body.js';
import type { Answers, ByeMessage, ConsumerMessage, HelloMessage, WireError } from './feed-message.js';
import { FeedProtocolError } from './feed-protocol-error.js';
import { covers } from './id-ranges.js';
import { isId, isPair, isRecord, isText, type MessageFields } from './message-fields.js';

/**
 * A message of a consumer, out of the type and the body of its frame.
 *
 * @throws FeedProtocolError unless it is one, with all its fields
 */
export function decodeConsumerMessage(type: number, body: Buffer): ConsumerMessage {
  const name = nameOf(type);
  switch (name) {
    case 'hello':
      return helloOf(decodeBody(name, body));
    case 'begun':
      return { type: name, ids: decodeBody(name, body).ranges('ids') };
    case 'answers':
      return { type: name, ...answersOf(decodeBody(name, body)) };
    case 'ping':
    case 'stopping':
      decodeBody(name, body);
      return { type: name };
    case 'bye':
      return byeOf(decodeBody(name, body));
    default:
      throw new FeedProtocolError(`A consumer does not send ${name}`);
  }
}

export function byeOf(fields: MessageFields): ByeMessage {
  const refused = fields.optionalFlag('refused');
  return { type: 'bye', reason: fields.text('reason'), ...(refused === undefined ? {} : { refused }) };
}

function helloOf(fields: MessageFields): HelloMessage {
  const key = fields.optionalText('key');
  const keys = fields.optionalListOf('keys', isIdAndKey, 'pairs of a number and a key');
  const stopping = fields.optionalFlag('stopping');
  const announces = fields.optionalFlag('announces');
  const hello: HelloMessage = {
    type: 'hello',
    protocol: fields.integer('protocol', 0),
    id: fields.integer('id', 0),
    incarnation: fields.integer('incarnation', 0),
    feeder: fields.textOrNull('feeder'),
    holds: fields.ranges('holds'),
    begun: fields.ranges('begun'),
    answers: answersOf(fields.fields('answers')),
    ...(key === undefined ? {} : { key }),
    ...(stopping === undefined ? {} : { stopping }),
    ...(announces === undefined ? {} : { announces }),
    ...(keys === undefined ? {} : { keys }),
  };
  if (!covers(hello.holds, hello.begun)) throw new FeedProtocolError('hello: begun lists items that holds does not');
  return hello;
}

function answersOf(fields: MessageFields): Answers {
  return {
    done: fields.ranges('done'),
    failed: fields.listOf('failed', isFailed, 'pairs of a number and an error'),
    back: fields.ranges('back'),
  };
}

function isFailed(value: unknown): value is [number, WireError] {
  return isPair(value) && isId(value[0]) && isWireError(value[1]);
}

function isWireError(value: unknown): value is WireError {
  return (
    isRecord(value) && isText(value.name) && isText(value.message) && (value.stack === undefined || isText(value.stack))
  );
}

function isIdAndKey(value: unknown): value is [number, string] {
  return isPair(value) && isId(value[0]) && isText(value[1]);
}
