import { decodeConsumerMessage } from '../protocol/decode-consumer-message.js';
import { decodeFeederMessage } from '../protocol/decode-feeder-message.js';
import type { ByeMessage, ConsumerMessage, FeederMessage, HelloMessage } from '../protocol/feed-message.js';
import { FRAME_TYPES } from '../protocol/feed-message.js';
import { MAX_ITEM_SIZE } from '../protocol/frame-limits.js';
import { FrameReader } from '../protocol/frame-reader.js';
import { forEachId } from '../protocol/id-ranges.js';
import type { SimConnection } from './network.js';
import type { ConsumerTruth, ItemTruth, LifeTruth, Truth } from './truth.js';

/** What passes over a connection, in terms of what it is about. */
export interface WireRules {
  /** The feeder hands it out. */
  sent(handOut: HandOut): void;
  /** The feeder has heard it. */
  heard(consumer: ConsumerTruth, life: LifeTruth, message: ConsumerMessage): void;
  refused(consumer: ConsumerTruth, life: LifeTruth, reason: string): void;
}

export interface HandOut {
  readonly consumer: ConsumerTruth;
  readonly life: LifeTruth;
  readonly id: number;
  readonly item: ItemTruth;
  /** The consumer need not announce it. */
  readonly begun: boolean;
}

export function itemNumber(body: unknown): number {
  return Buffer.isBuffer(body) ? body.readUInt32BE(0) : (body as { n: number }).n;
}

/** Reads what passes over a connection: what counts, when it is written, when it has left, when it is read. */
export function watchWire(truth: Truth, rules: WireRules, { caller, near, far, life, number }: SimConnection): void {
  const { consumer } = caller;
  if (consumer === undefined) return;
  const keys = new Map<number, string>();
  const name = `${number} ${consumer.name}`;
  let heardOnce = false;

  near.tap = {
    flushed: reading(begunReader(), (message) => {
      if (message.type !== 'begun') return;
      forEachId(message.ids, (id) => {
        const item = life.items.get(id);
        if (item !== undefined) consumer.announced.add(item);
      });
    }),
    reading: reading(welcomeReader(), (message) => {
      if (message.type === 'welcome') consumer.welcomedBy = life;
    }),
  };
  far.tap = {
    reading: reading(consumerReader(), (message) => {
      if (message.type !== 'ping') truth.note(() => `${name} > ${inShort(message)}`);
      if (message.type === 'hello') {
        heardOnce = true;
        learnKeys(keys, message);
      }
      // It handles nothing and will not begin anything.
      if (message.type === 'bye') consumer.announced.clear();
      rules.heard(consumer, life, message);
    }),
    written: reading(feederReader(), (message) => {
      if (message.type !== 'ping') truth.note(() => `${name} < ${inShort(message)}`);
      if (message.type === 'welcome') adopted(message.adopted ?? []);
      if (message.type === 'bye') saidBye(message);
      for (const [id, body, begun] of itemsOf(message)) sent(id, truth.items[itemNumber(body)]!, begun);
    }),
    over: (whole) => {
      if (!whole && heardOnce) consumer.lossy = true;
    },
  };

  function saidBye({ refused, reason }: ByeMessage): void {
    if (refused === true) rules.refused(consumer!, life, reason);
    else if (reason !== 'goodbye') life.saidBye = true;
  }

  function adopted(ids: readonly (readonly [old: number, id: number])[]): void {
    for (const [old, id] of ids) {
      const item = truth.items[Number(keys.get(old))];
      if (item === undefined) continue;
      life.items.set(id, item);
      item.sentTo.add(consumer!);
    }
  }

  function sent(id: number, item: ItemTruth, begun: boolean): void {
    life.items.set(id, item);
    item.sentTo.add(consumer!);
    consumer!.announced[begun ? 'add' : 'delete'](item);
    rules.sent({ consumer: consumer!, life, id, item, begun });
  }
}

function learnKeys(keys: Map<number, string>, hello: HelloMessage): void {
  for (const [id, key] of hello.keys ?? []) keys.set(id, key);
}

function* itemsOf(message: FeederMessage): Generator<readonly [id: number, body: unknown, begun: boolean]> {
  if (message.type === 'bytes') yield [message.id, message.body, message.begun !== undefined];
  if (message.type !== 'items') return;
  const { first, items, begun = 0 } = message;
  for (const [index, item] of items.entries()) yield [first + index, item, index < begun];
}

function consumerReader(): FrameReader<ConsumerMessage> {
  return new FrameReader({ maxFrame: MAX_ITEM_SIZE, decode: decodeConsumerMessage });
}

/** All but one kind is skipped: to decode it takes longer than all else. */
function begunReader(): FrameReader<ConsumerMessage> {
  const decode = (type: number, body: Buffer): ConsumerMessage =>
    type === FRAME_TYPES.begun ? decodeConsumerMessage(type, body) : { type: 'ping' };
  return new FrameReader({ maxFrame: MAX_ITEM_SIZE, decode });
}

function welcomeReader(): FrameReader<FeederMessage> {
  const decode = (type: number, body: Buffer): FeederMessage =>
    type === FRAME_TYPES.welcome ? decodeFeederMessage(type, body) : { type: 'ping' };
  return new FrameReader({ maxFrame: MAX_ITEM_SIZE, decode });
}

function feederReader(): FrameReader<FeederMessage> {
  return new FrameReader({ maxFrame: MAX_ITEM_SIZE, decode: decodeFeederMessage });
}

function reading<M extends ConsumerMessage | FeederMessage>(
  reader: FrameReader<M>,
  each: (message: M) => void,
): (bytes: Buffer) => void {
  return (bytes) => {
    for (const message of reader.push(bytes)) each(message);
  };
}

function inShort(message: ConsumerMessage | FeederMessage): string {
  if (message.type === 'bytes') return `bytes ${message.id}, begun ${message.begun ?? 0}`;
  if (message.type === 'items') return `items ${message.first}+${message.items.length}, begun ${message.begun ?? 0}`;
  return JSON.stringify(message, (key, value: unknown) => (key === 'stack' ? undefined : value));
}
