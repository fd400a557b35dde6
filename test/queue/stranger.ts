import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { connect as connectTls } from 'node:tls';
import type { FeedAddress } from '@distributed-architecture/queue';

/** A peer that does not keep to the protocol; `closed` when the feeder has had enough of it. */
export class Stranger {
  heard = Buffer.alloc(0);
  readonly closed: Promise<unknown>;

  constructor(readonly socket: Socket) {
    // A reset is an end like any other.
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => (this.heard = Buffer.concat([this.heard, chunk])));
    this.closed = once(socket, 'close').catch(() => {});
  }

  static connect(address: FeedAddress): Stranger {
    return new Stranger(connect(address));
  }

  /** TLS as a browser speaks it: without a pre-shared key. */
  static connectTls(address: { host: string; port: number }): Stranger {
    return new Stranger(connectTls({ ...address, rejectUnauthorized: false }));
  }

  say(bytes: Buffer): this {
    this.socket.write(bytes);
    return this;
  }

  /** A byte now and then, for ever: each looks like life. */
  drip(bytes: Buffer, everyMs: number): this {
    let at = 0;
    const timer = setInterval(() => this.socket.write(bytes.subarray(at, ++at)), everyMs);
    void this.closed.then(() => clearInterval(timer));
    return this;
  }
}

/** A frame of the feed protocol. */
export function frame(type: number, body: object | string): Buffer {
  const text = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const header = Buffer.alloc(5);
  header.writeUInt32BE(text.length);
  header[4] = type;
  return Buffer.concat([header, text]);
}

export const HELLO = 1;
export const BEGUN = 5;
export const ANSWERS = 6;

/** A consumer's first message. */
export function hello(id: number, key: Buffer | undefined): object {
  const nothing = { holds: [], begun: [], answers: { done: [], failed: [], back: [] } };
  return { protocol: 1, id, incarnation: 1, key: key?.toString('base64'), feeder: null, ...nothing };
}
