import { decodeConsumerMessage } from '../protocol/decode-consumer-message.js';
import { decodeFeederMessage } from '../protocol/decode-feeder-message.js';
import { encodeMessage } from '../protocol/encode.js';
import type { BegunMessage, ConsumerMessage } from '../protocol/feed-message.js';
import { FRAME_HEADER, MAX_CONSUMER_FRAME } from '../protocol/feed-message.js';
import { FrameReader } from '../protocol/frame-reader.js';
import { forEachId } from '../protocol/id-ranges.js';
import type { Dice } from './dice.js';
import type { SimConnection } from './network.js';
import type { Sabotage } from './schedule.js';
import type { ItemTruth, LifeTruth, Outcome } from './truth.js';

const LATE_MS = 3;
const LOST_SHARE = 0.01;

/** Takes something away from what passes over a connection. Who writes always writes whole frames. */
export function sabotageWire({ near, far, caller }: SimConnection, sabotage: Sabotage | undefined, dice: Dice): void {
  if (caller.consumer === undefined) return;
  switch (sabotage) {
    case 'give-back-off':
      near.transform = changing((message) => (message.type === 'answers' ? { ...message, back: [] } : message));
      return;
    case 'hello-empty':
      near.transform = changing((message) => (message.type === 'hello' ? emptied(message) : message));
      return;
    case 'begun-late':
      near.transform = changing((message) => (message.type === 'begun' ? later(message) : message));
      return;
    case 'items-lost':
      far.transform = (bytes) => (hasItems(bytes) && dice.chance(LOST_SHARE) ? Buffer.alloc(0) : bytes);
      return;
    default:
  }

  function later(message: BegunMessage): undefined {
    caller.process.after(LATE_MS, () => {
      const { transform } = near;
      near.transform = undefined;
      near.write(encodeMessage(message));
      near.transform = transform;
    });
  }
}

/** What a feeder would tell its source that lets a late answer count. */
export function recordLate({ caller, far, life }: SimConnection, judge: OutcomeJudge): void {
  if (caller.consumer === undefined) return;
  const reader = new FrameReader({ maxFrame: MAX_CONSUMER_FRAME, decode: decodeConsumerMessage });
  const { reading } = far.tap;
  far.tap.reading = (bytes) => {
    reading?.(bytes);
    for (const message of reader.push(bytes)) {
      if (message.type !== 'answers') continue;
      forEachId(message.done, (id) => {
        const item = life.items.get(id);
        if (item?.outcome === 'timeout') judge.outcome(item, life, 'complete');
      });
    }
  };
}

interface OutcomeJudge {
  outcome(item: ItemTruth, life: LifeTruth, outcome: Outcome): void;
}

function emptied(hello: Extract<ConsumerMessage, { type: 'hello' }>): ConsumerMessage {
  return { ...hello, holds: [], begun: [], answers: { done: [], failed: [], back: [] } };
}

function changing(change: (message: ConsumerMessage) => ConsumerMessage | undefined): (bytes: Buffer) => Buffer {
  return (bytes) =>
    Buffer.concat(
      frames(bytes).map(({ type, body }) => {
        const changed = change(decodeConsumerMessage(type, body));
        return changed === undefined ? Buffer.alloc(0) : encodeMessage(changed);
      }),
    );
}

function hasItems(bytes: Buffer): boolean {
  return frames(bytes).every(({ type, body }) => ['items', 'bytes'].includes(decodeFeederMessage(type, body).type));
}

function frames(bytes: Buffer): { type: number; body: Buffer }[] {
  const all: { type: number; body: Buffer }[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const end = offset + FRAME_HEADER + bytes.readUInt32BE(offset);
    all.push({ type: bytes[offset + FRAME_HEADER - 1]!, body: bytes.subarray(offset + FRAME_HEADER, end) });
    offset = end;
  }
  return all;
}
