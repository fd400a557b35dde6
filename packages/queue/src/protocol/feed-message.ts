/*
 * What a feeder and its consumers say to each other. The specification, with the bytes, is docs/feed-protocol.md.
 */

/** Version of the messages; a peer of another version is refused. */
export const FEED_PROTOCOL = 1;

/** Numbers of items as ranges, first and last, ascending: `[[1, 3], [7, 7]]`. */
export type IdRanges = readonly (readonly [first: number, last: number])[];

/** Why an item failed, as it crosses the wire. */
export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
}

/** What became of items in a consumer. An item is in one of them. */
export interface Answers {
  /** Handled. */
  readonly done: IdRanges;
  /** Its handler threw. */
  readonly failed: readonly (readonly [id: number, error: WireError])[];
  /** Given back: never begun. */
  readonly back: IdRanges;
}

/** The consumer's first message on each connection. */
export interface HelloMessage {
  readonly type: 'hello';
  readonly protocol: number;
  /** The consumer's process, and which life of it. */
  readonly id: number;
  readonly incarnation: number;
  /** The consumer's key, base64; absent over TLS, which has proven it, and where the feeder has no key. */
  readonly key?: string;
  /** It is stopping: it wants no more items. */
  readonly stopping?: boolean;
  /** The feeder's life that all below is about: the last one that said welcome; null: none did. */
  readonly feeder: string | null;
  /** Items that it has and has not answered; those of them that it has begun. */
  readonly holds: IdRanges;
  readonly begun: IdRanges;
  /** Answers that were never confirmed. */
  readonly answers: Answers;
  /** It begins nothing that it has not announced: what it gets never counts as begun by itself. */
  readonly announces?: boolean;
  /** Of sources that can adopt: the source's own keys of all items above. */
  readonly keys?: readonly (readonly [id: number, key: string])[];
}

/** The feeder takes the consumer in. */
export interface WelcomeMessage {
  readonly type: 'welcome';
  readonly protocol: number;
  /** This life of the feeder: differs from every other. */
  readonly feeder: string;
  readonly maxItemSize: number;
  /** Items of the life before that this feeder goes on with: their old and their new numbers. All others of that life are forgotten. */
  readonly adopted?: readonly (readonly [old: number, id: number])[];
}

/** Items to handle, numbered from `first` on; on the way out as JSON texts. */
export interface ItemsMessage {
  readonly type: 'items';
  readonly first: number;
  /** 1 for the first attempt. */
  readonly attempt: number;
  readonly items: readonly unknown[];
  /** The consumer had nothing: it begins so many of them when they come, and need not announce them. */
  readonly begun?: number;
  /** Of sources that can adopt: the source's key of each. */
  readonly keys?: readonly string[];
}

/** One item that is a Buffer. */
export interface BytesMessage {
  readonly type: 'bytes';
  readonly id: number;
  readonly attempt: number;
  /** As in `items`: 1, or absent. */
  readonly begun?: number;
  readonly key?: string;
  readonly body: Buffer;
}

/** The consumer is about to begin these: it says so before, so that what is not said, nor marked by `begun` when it was sent, was surely not begun. */
export interface BegunMessage {
  readonly type: 'begun';
  readonly ids: IdRanges;
}

export interface AnswersMessage extends Answers {
  readonly type: 'answers';
}

/** The consumer is stopping: it wants no more items, on this connection or a later one. What is on its way to it, it gives back. */
export interface StoppingMessage {
  readonly type: 'stopping';
}

/** The feeder has recorded these answers (or never will): the consumer may forget them. */
export interface ConfirmMessage {
  readonly type: 'confirm';
  readonly ids: IdRanges;
}

/** The consumer shall give back all that it has not begun. */
export interface RecallMessage {
  readonly type: 'recall';
}

/** These items have timed out: their signals abort. */
export interface AbortMessage {
  readonly type: 'abort';
  readonly ids: IdRanges;
}

/** Alive; of both sides, every PING_INTERVAL_MS in which nothing else was said. */
export interface PingMessage {
  readonly type: 'ping';
}

/** The last message of a connection that ends in order; `refused`: do not come back. */
export interface ByeMessage {
  readonly type: 'bye';
  readonly reason: string;
  readonly refused?: boolean;
}

/** What a consumer says. */
export type ConsumerMessage = HelloMessage | BegunMessage | AnswersMessage | StoppingMessage | PingMessage | ByeMessage;

/** What a feeder says. */
export type FeederMessage =
  | WelcomeMessage
  | ItemsMessage
  | BytesMessage
  | ConfirmMessage
  | RecallMessage
  | AbortMessage
  | PingMessage
  | ByeMessage;

export type FeedMessage = ConsumerMessage | FeederMessage;

/** Each frame: uint32 length of the body (big endian), uint8 type, body. All bodies are JSON but that of `bytes`. */
export const FRAME_TYPES = {
  hello: 1,
  welcome: 2,
  items: 3,
  bytes: 4,
  begun: 5,
  answers: 6,
  confirm: 7,
  recall: 8,
  abort: 9,
  ping: 10,
  bye: 11,
  stopping: 12,
} as const satisfies Record<FeedMessage['type'], number>;

/** Bytes before the body of a frame. */
export const FRAME_HEADER = 5;

export const PING_INTERVAL_MS = 2000;

/** A connection on which nothing was heard for so long is given up. */
export const SILENCE_MS = 10_000;

/** A peer that has not said hello within so long is cut. */
export const HELLO_TIMEOUT_MS = 5000;

/** Largest body of a consumer's frame. Consumers cut error texts and split their answers so that they stay far below. */
export const MAX_CONSUMER_FRAME = 4_194_304;

/** The feeder puts as many items into one frame as fit into so many bytes, or a single larger one. */
export const ITEMS_FRAME = 262_144;
