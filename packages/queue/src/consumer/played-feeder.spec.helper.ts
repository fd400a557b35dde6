import { setImmediate as turn } from 'node:timers/promises';
import { LOG_LEVELS, type Logger } from '@distributed-architecture/core';
import { decodeConsumerMessage } from '../protocol/decode-consumer-message.js';
import { encodeBytes, encodeItems, encodeMessage } from '../protocol/encode.js';
import type { AnswersMessage, ConsumerMessage, FeederMessage, HelloMessage } from '../protocol/feed-message.js';
import { MAX_CONSUMER_FRAME } from '../protocol/feed-message.js';
import { FrameReader } from '../protocol/frame-reader.js';
import { describeRanges } from '../protocol/id-ranges.js';
import { ManualClock } from '../testing/manual-clock.js';
import type { ByteLink, ByteLinkListener, FeedAddress, LinkConnector } from '../transport/byte-link.js';
import { ConsumerClient, type ConsumerClientOptions } from './consumer-client.js';
import type { ItemContext } from './item-context.js';

export type Said = Exclude<FeederMessage, { type: 'items' | 'bytes' }>;

/** One connection, its other end played by a test. */
export class PlayedLink implements ByteLink {
  readonly peer = 'feeder';
  readonly heard: ConsumerMessage[] = [];
  ended = false;
  destroyed = false;
  /** What is written does not leave this process while this is true. */
  stuck = false;
  readonly #reader = new FrameReader({ maxFrame: MAX_CONSUMER_FRAME, decode: decodeConsumerMessage });
  #unsent: Buffer[] = [];
  #whenFlushed: (() => void)[] = [];

  constructor(
    private readonly listener: ByteLinkListener,
    readonly identity: string | undefined,
  ) {}

  get flushed(): boolean {
    return this.#unsent.length === 0;
  }

  get unsentBytes(): number {
    return Buffer.concat(this.#unsent).length;
  }

  write(bytes: Buffer): void {
    if (this.stuck) this.#unsent.push(bytes);
    else this.heard.push(...this.#reader.push(bytes));
  }

  whenFlushed(callback: () => void): void {
    if (this.flushed) callback();
    else this.#whenFlushed.push(callback);
  }

  unstick(): void {
    this.stuck = false;
    for (const bytes of this.#unsent.splice(0)) this.write(bytes);
    for (const callback of this.#whenFlushed.splice(0)) callback();
  }

  say(...messages: Said[]): void {
    this.bytes(Buffer.concat(messages.map((message) => encodeMessage(message))));
  }

  items(first: number, items: readonly unknown[], more: { attempt?: number; keys?: readonly string[] } = {}): void {
    const texts = items.map((item) => JSON.stringify(item));
    this.bytes(encodeItems({ first, attempt: more.attempt ?? 1, texts, keys: more.keys }));
  }

  buffer(id: number, body: Buffer): void {
    this.bytes(encodeBytes({ id, attempt: 1, body }));
  }

  bytes(bytes: Buffer): void {
    if (!this.destroyed) this.listener.data(bytes);
  }

  /** The connection ends. */
  cut(error?: Error): void {
    if (!this.destroyed) this.listener.closed(error);
  }

  pause(): void {}
  resume(): void {}

  end(): void {
    this.ended = true;
  }

  destroy(): void {
    this.destroyed = true;
  }

  /** What was heard since the last call, in short. */
  told(): string[] {
    return this.heard.splice(0).map((message) => inShort(message));
  }
}

function inShort(message: ConsumerMessage): string {
  switch (message.type) {
    case 'begun':
      return `begun ${describeRanges(message.ids)}`;
    case 'answers':
      return answersInShort(message);
    case 'hello':
      return helloInShort(message);
    case 'bye':
      return `bye ${message.reason}`;
    case 'stopping':
    case 'ping':
      return message.type;
  }
}

function answersInShort({ done, failed, back }: Omit<AnswersMessage, 'type'>): string {
  const parts = [
    done.length > 0 ? `done ${describeRanges(done)}` : '',
    failed.length > 0 ? `failed ${failed.map(([id, { message }]) => `${id} ${message}`).join(', ')}` : '',
    back.length > 0 ? `back ${describeRanges(back)}` : '',
  ];
  return parts.filter((each) => each !== '').join('; ');
}

function helloInShort({ feeder, holds, begun, answers, keys, key }: HelloMessage): string {
  const parts = [
    `hello of ${feeder}`,
    key === undefined ? '' : `key ${key}`,
    holds.length > 0 ? `holds ${describeRanges(holds)}` : '',
    begun.length > 0 ? `begun ${describeRanges(begun)}` : '',
    answersInShort(answers),
    keys === undefined ? '' : `keys ${keys.map(([id, each]) => `${id}=${each}`).join(' ')}`,
  ];
  return parts.filter((each) => each !== '').join('; ');
}

/** A handler that waits until the test says what becomes of the item. */
export interface OpenItem {
  readonly item: unknown;
  readonly context: ItemContext;
  done(): void;
  fail(error: unknown): void;
}

/** A consumer with a feeder that a test plays, and a clock that it turns. */
export class ConsumerWorld implements LinkConnector {
  readonly clock = new ManualClock();
  readonly links: PlayedLink[] = [];
  readonly attempts: FeedAddress[] = [];
  readonly lines: string[] = [];
  readonly open: OpenItem[] = [];
  readonly client: ConsumerClient;
  /** Connecting fails. */
  unreachable: Error | undefined;
  /** Connecting takes for ever. */
  hangs = false;
  identity: string | undefined;

  constructor(options: Partial<ConsumerClientOptions<unknown>> = {}) {
    this.client = new ConsumerClient({
      id: 7,
      incarnation: 2,
      handle: (item, context) => this.#handle(item, context),
      logger: this.logger,
      clock: this.clock,
      random: () => 0.5,
      connector: this,
      ...options,
    });
  }

  readonly logger = Object.fromEntries(
    LOG_LEVELS.map((level) => [level, (message: unknown) => void this.lines.push(`${level}: ${String(message)}`)]),
  ) as Logger;

  /** A consumer that is connected and has said its hello. */
  static async connected(options: Partial<ConsumerClientOptions<unknown>> = {}): Promise<ConsumerWorld> {
    const world = new ConsumerWorld(options);
    world.client.feederReady({ path: '/feed' }, 1);
    await world.welcome('life-1');
    world.link.told();
    world.lines.length = 0;
    return world;
  }

  get link(): PlayedLink {
    return this.links.at(-1)!;
  }

  async connect(address: FeedAddress, listener: ByteLinkListener): Promise<ByteLink> {
    this.attempts.push(address);
    if (this.hangs) return new Promise(() => {});
    if (this.unreachable !== undefined) throw this.unreachable;
    const link = new PlayedLink(listener, this.identity);
    this.links.push(link);
    return link;
  }

  async welcome(feeder: string, adopted?: readonly (readonly [number, number])[]): Promise<void> {
    await this.pass(0);
    this.link.say({ type: 'welcome', protocol: 1, feeder, maxItemSize: 1000, ...(adopted ? { adopted } : {}) });
    await this.pass(0);
  }

  /** The link ends and the next one is there, welcomed. */
  async reconnect(feeder = 'life-1', adopted?: readonly (readonly [number, number])[]): Promise<string> {
    this.link.cut();
    await this.pass(3000);
    const [hello] = this.link.told();
    await this.welcome(feeder, adopted);
    return hello!;
  }

  /** Lets time pass, and all that follows from it. */
  async pass(ms: number): Promise<void> {
    for (let i = 0; i < 5; i++) {
      this.clock.advance(i === 1 ? ms : 0);
      await turn();
    }
  }

  item(id: number): OpenItem {
    return this.open.find(({ context }) => context.id === String(id))!;
  }

  #handle(item: unknown, context: ItemContext): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.open.push({ item, context, done: resolve, fail: reject });
    return promise;
  }
}
