import type { Socket } from 'node:net';
import { survivesWriteErrors } from './survive-write-errors.js';
import type { ByteLink, ByteLinkListener } from './byte-link.js';

export interface SocketLinkOptions {
  /** Where it leads, for logs. */
  readonly peer: string;
  /** Who the other end has proven to be over TLS. */
  readonly identity?: string;
  /** A unix socket delivers all that was written, whatever becomes of its writer. */
  readonly local: boolean;
}

/**
 * A connection over a socket, plain or TLS, that is there.
 *
 * `closed` has no error when everything that the other end had written was read. A reset of a unix socket is such an
 * end (the other process died with unread bytes of ours); one of TCP is not: what was on its way is gone.
 */
export class SocketLink implements ByteLink {
  readonly peer: string;
  readonly identity: string | undefined;
  readonly #socket: Socket;
  readonly #local: boolean;
  #whenFlushed: (() => void)[] = [];
  readonly #written = (): void => this.#tellFlushed();

  constructor(socket: Socket, { peer, identity, local }: SocketLinkOptions) {
    this.peer = peer;
    this.identity = identity;
    this.#socket = socket;
    this.#local = local;
    socket.setNoDelay(true);
    survivesWriteErrors(socket);
  }

  /** Begins to read. Once. */
  listen(listener: ByteLinkListener): void {
    const socket = this.#socket;
    let failure: NodeJS.ErrnoException | undefined;
    let ended = false;
    socket.on('error', (error) => (failure = error));
    socket.on('end', () => (ended = true));
    socket.on('data', (chunk: Buffer) => listener.data(chunk));
    socket.on('close', () => {
      this.#whenFlushed = [];
      // What was read while it was paused: an error does not deliver it.
      for (let chunk = socket.read() as Buffer | null; chunk !== null; chunk = socket.read()) listener.data(chunk);
      listener.closed(ended || (this.#local && failure?.code === 'ECONNRESET') ? undefined : (failure ?? cut()));
    });
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes, this.#written);
  }

  /** A plain socket has given its bytes to the system before `write` returns, unless that is full; TLS a turn later. */
  get flushed(): boolean {
    // What is written after the end goes nowhere, and counts as nothing.
    return this.#socket.writable && this.#socket.writableLength === 0;
  }

  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  whenFlushed(callback: () => void): void {
    if (this.#socket.destroyed) return;
    if (this.flushed) callback();
    else this.#whenFlushed.push(callback);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #tellFlushed(): void {
    if (this.#whenFlushed.length === 0 || !this.flushed || this.#socket.destroyed) return;
    const waiting = this.#whenFlushed;
    this.#whenFlushed = [];
    for (const callback of waiting) callback();
  }
}

function cut(): Error {
  return new Error('The connection was cut');
}
