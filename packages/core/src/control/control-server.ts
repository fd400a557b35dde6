import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { chmodSync } from 'node:fs';
import { once } from 'node:events';
import { socketAddress, type SocketAddress } from './socket-address.js';
import { createServer } from './node-http.js';

/** What whoever connects may take. */
export interface ServerLimits {
  readonly connections: number;
  /** Of all headers of a request together, with its path. */
  readonly headerBytes: number;
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
}

export const SERVER_LIMITS: ServerLimits = {
  connections: 256,
  headerBytes: 16_384,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 20_000,
  keepAliveTimeoutMs: 5000,
};

/** So long those who read may take for the end of what they were told, when all is over. */
const GOODBYE_MS = 500;

/** How often slow requests are looked for. */
const CHECKS = 4;

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** An HTTP server on a unix socket of one user. Whoever connects can harm nobody but himself. */
export class ControlServer {
  readonly #server: Server;
  readonly #address: SocketAddress;

  private constructor(path: string, handler: Handler, limits: ServerLimits) {
    this.#address = socketAddress(path);
    this.#server = createServer(
      {
        maxHeaderSize: limits.headerBytes,
        headersTimeout: limits.headersTimeoutMs,
        requestTimeout: limits.requestTimeoutMs,
        keepAliveTimeout: limits.keepAliveTimeoutMs,
        connectionsCheckingInterval: Math.ceil(limits.headersTimeoutMs / CHECKS),
      },
      handler,
    );
    this.#server.maxConnections = limits.connections;
    this.#server.on('clientError', refuse);
    // An accept that fails, for want of descriptors: the next one may not.
    this.#server.on('error', () => {});
  }

  /** @throws the system's error when nothing can listen there */
  static async listen(path: string, handler: Handler, limits: ServerLimits = SERVER_LIMITS): Promise<ControlServer> {
    const server = new ControlServer(path, handler, limits);
    try {
      server.#server.listen({ path: server.#address.path });
      await once(server.#server, 'listening');
      chmodSync(server.#address.path, 0o600);
      return server;
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  /** Those who are being answered get the end of it; then all connections are closed, and the socket is gone. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    const timer = setTimeout(() => this.#server.closeAllConnections(), GOODBYE_MS);
    await closed;
    clearTimeout(timer);
    this.#address.close();
  }
}

const STATUS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** What came is no request. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const status = STATUS[error.code ?? ''] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () => socket.destroy());
}
