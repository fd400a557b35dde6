import fc from 'fast-check';
import { encodeBytes, encodeItems, encodeMessage } from '../protocol/encode.js';
import type {
  Answers,
  BytesMessage,
  ConsumerMessage,
  FeederMessage,
  IdRanges,
  ItemsMessage,
} from '../protocol/feed-message.js';
import { toRanges } from '../protocol/id-ranges.js';

/** Any messages, for properties of the codec. */

const MOST_ID = Number.MAX_SAFE_INTEGER - 1000;

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const id = fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: MOST_ID }));
const ids = fc.uniqueArray(id, { maxLength: 12 });
const ranges: fc.Arbitrary<IdRanges> = ids.map((each) => toRanges(each));
const error = fc.record(
  { name: text, message: text, stack: text },
  { requiredKeys: ['name', 'message'], noNullPrototype: true },
);

const answers: fc.Arbitrary<Answers> = fc.record(
  { done: ranges, failed: fc.array(fc.tuple(id, error), { maxLength: 4 }), back: ranges },
  { noNullPrototype: true },
);

const ping = fc.constant({ type: 'ping' } as const);

const bye = fc.record(
  { type: fc.constant('bye' as const), reason: text, refused: fc.boolean() },
  { requiredKeys: ['type', 'reason'], noNullPrototype: true },
);

const hello: fc.Arbitrary<ConsumerMessage> = fc
  .record(
    {
      protocol: fc.nat(),
      id: fc.nat(),
      incarnation: fc.nat(),
      key: text,
      feeder: fc.option(text),
      stopping: fc.boolean(),
      announces: fc.boolean(),
      held: fc.array(fc.tuple(id, fc.boolean()), { maxLength: 12 }),
      answers,
      keys: fc.array(fc.tuple(id, text), { maxLength: 4 }),
    },
    { requiredKeys: ['protocol', 'id', 'incarnation', 'feeder', 'held', 'answers'], noNullPrototype: true },
  )
  .map(({ held, ...rest }) => ({
    type: 'hello',
    ...rest,
    holds: toRanges(held.map(([each]) => each)),
    begun: toRanges(held.filter(([, begun]) => begun).map(([each]) => each)),
  }));

const welcome: fc.Arbitrary<FeederMessage> = fc.record(
  {
    type: fc.constant('welcome' as const),
    protocol: fc.nat(),
    feeder: text,
    maxItemSize: fc.integer({ min: 1, max: 1_048_576 }),
    adopted: fc.array(fc.tuple(id, id), { maxLength: 4 }),
  },
  { requiredKeys: ['type', 'protocol', 'feeder', 'maxItemSize'], noNullPrototype: true },
);

const items: fc.Arbitrary<ItemsMessage> = fc
  .record({
    first: id,
    attempt: fc.integer({ min: 1 }),
    items: fc.array(fc.tuple(fc.jsonValue(), text), { minLength: 1, maxLength: 8 }),
    keyed: fc.boolean(),
    begun: fc.option(fc.integer({ min: 1, max: 8 })),
  })
  .map(({ first, attempt, items: each, keyed, begun }) => ({
    type: 'items',
    first,
    attempt,
    items: each.map(([item]) => asWritten(item)),
    ...(begun === null ? {} : { begun: Math.min(begun, each.length) }),
    ...(keyed ? { keys: each.map(([, key]) => key) } : {}),
  }));

const bytes: fc.Arbitrary<BytesMessage> = fc
  .record(
    { id, attempt: fc.integer({ min: 1 }), begun: fc.constant(1), key: text, body: fc.uint8Array({ maxLength: 300 }) },
    { requiredKeys: ['id', 'attempt', 'body'], noNullPrototype: true },
  )
  .map(({ body, ...rest }) => ({ type: 'bytes', ...rest, body: Buffer.from(body) }));

export const consumerMessages: fc.Arbitrary<ConsumerMessage[]> = fc.array(
  fc.oneof(
    hello,
    fc.record({ type: fc.constant('begun' as const), ids: ranges }, { noNullPrototype: true }),
    answers.map((each) => ({ type: 'answers' as const, ...each })),
    ping,
    fc.constant({ type: 'stopping' } as const),
    bye,
  ),
  { maxLength: 10 },
);

export const feederMessages: fc.Arbitrary<FeederMessage[]> = fc.array(
  fc.oneof(
    welcome,
    items,
    bytes,
    fc.record({ type: fc.constantFrom('confirm' as const, 'abort' as const), ids: ranges }, { noNullPrototype: true }),
    fc.constant({ type: 'recall' } as const),
    ping,
    bye,
  ),
  { maxLength: 10 },
);

export function frameOf(message: ConsumerMessage | FeederMessage): Buffer {
  if (message.type === 'bytes') return encodeBytes(message);
  if (message.type !== 'items') return encodeMessage(message);
  return encodeItems({ ...message, texts: message.items.map((item) => JSON.stringify(item)) });
}

/** JSON has no -0. */
function asWritten(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
