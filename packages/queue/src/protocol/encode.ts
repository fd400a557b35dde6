import {
  type BytesMessage,
  type ConsumerMessage,
  type FeedMessage,
  type FeederMessage,
  type ItemsMessage,
  FRAME_HEADER,
  FRAME_TYPES,
} from './feed-message.js';

/** Items on their way out: each was made JSON once, by who checks its size. */
export interface ItemTexts extends Omit<ItemsMessage, 'type' | 'items'> {
  readonly texts: readonly string[];
}

/** The room of a frame's header before its text: so text and header are one buffer. */
const ROOM = '\0'.repeat(FRAME_HEADER);

/** Bytes of the length of a `bytes` frame's head. */
const HEAD_LENGTH = 4;

/** The frame of any message but those that carry items. */
export function encodeMessage(message: ConsumerMessage | Exclude<FeederMessage, ItemsMessage | BytesMessage>): Buffer {
  const { type, ...body } = message;
  return frameOf(type, ROOM + JSON.stringify(body));
}

/** One frame with all of them. */
export function encodeItems({ first, attempt, begun, texts, keys }: ItemTexts): Buffer {
  const start = begun === undefined ? '' : `"begun":${begun},`;
  const end = keys === undefined ? ']}' : `],"keys":${JSON.stringify(keys)}}`;
  return frameOf('items', `${ROOM}{"first":${first},"attempt":${attempt},${start}"items":[${texts.join(',')}${end}`);
}

export function encodeBytes({ id, attempt, begun, key, body }: Omit<BytesMessage, 'type'>): Buffer {
  const text = Buffer.from(JSON.stringify({ id, attempt, begun, key }));
  const frame = Buffer.allocUnsafe(FRAME_HEADER + HEAD_LENGTH + text.length + body.length);
  writeHeader(frame, 'bytes');
  frame.writeUInt32BE(text.length, FRAME_HEADER);
  text.copy(frame, FRAME_HEADER + HEAD_LENGTH);
  body.copy(frame, FRAME_HEADER + HEAD_LENGTH + text.length);
  return frame;
}

function frameOf(type: FeedMessage['type'], text: string): Buffer {
  const frame = Buffer.from(text);
  writeHeader(frame, type);
  return frame;
}

function writeHeader(frame: Buffer, type: FeedMessage['type']): void {
  frame.writeUInt32BE(frame.length - FRAME_HEADER, 0);
  frame[FRAME_HEADER - 1] = FRAME_TYPES[type];
}
