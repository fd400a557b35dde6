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

/** Texts from so many characters on are written one by one: to join them would copy them twice more. */
const LONG_TEXT = 4096;

const COMMA = 44;

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
  const head = `${ROOM}{"first":${first},"attempt":${attempt},${start}"items":[`;
  const end = keys === undefined ? ']}' : `],"keys":${JSON.stringify(keys)}}`;
  const isLong = texts[0]!.length >= LONG_TEXT;
  return isLong ? frameOfLong(head, texts, end) : frameOf('items', `${head}${texts.join(',')}${end}`);
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

function frameOfLong(head: string, texts: readonly string[], end: string): Buffer {
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const size = lengths.reduce((sum, length) => sum + length, head.length + texts.length - 1);
  const frame = Buffer.allocUnsafe(size + Buffer.byteLength(end));
  let offset = frame.write(head);
  for (const [index, text] of texts.entries()) {
    if (index > 0) frame[offset++] = COMMA;
    // Without a character beyond ASCII it is a copy.
    offset += frame.write(text, offset, lengths[index] === text.length ? 'latin1' : 'utf8');
  }
  frame.write(end, offset);
  writeHeader(frame, 'items');
  return frame;
}

function writeHeader(frame: Buffer, type: FeedMessage['type']): void {
  frame.writeUInt32BE(frame.length - FRAME_HEADER, 0);
  frame[FRAME_HEADER - 1] = FRAME_TYPES[type];
}
