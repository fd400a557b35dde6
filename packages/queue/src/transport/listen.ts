import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { consumerKey } from '@distributed-architecture/core';
import type { Server as TlsServer, TLSSocket } from 'node:tls';
import type { FeedAddress } from './byte-link.js';
import { SocketLink } from './socket-link.js';
import { socketPath } from './socket-path.js';

/** Connections, also those that have not yet proven anything. */
const MOST_CONNECTIONS = 10_000;

/** A TLS handshake may take so long. */
const HANDSHAKE_MS = 5000;

export interface ListenOptions {
  readonly address: FeedAddress;
  /** Key of the queue group: TCP speaks TLS. */
  readonly key: Buffer | undefined;
  readonly onLink: (link: SocketLink) => void;
  /** A stranger has failed, before there was a link. */
  readonly onProblem: (problem: string) => void;
}

export interface Listening {
  /** Where it listens indeed: port 0 has become one. */
  readonly address: FeedAddress;
  /** Accepts nobody any more; the connections that are there stay. */
  close(): void;
}

/**
 * Listens. What a dead feeder left at the path is replaced.
 *
 * @throws the system's error: EADDRINUSE when somebody listens there
 */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { address } = options;
  if ('path' in address) return listenOnPath(address.path, options);
  const server = await tcpServer(options);
  await opened(server, options.onProblem, () => server.listen(address.port, address.host));
  return { address: { host: address.host, port: portOf(server) }, close: () => void server.close() };
}

async function listenOnPath(path: string, options: ListenOptions): Promise<Listening> {
  const reach = socketPath(path);
  try {
    if (!(await isAnswered(reach.path))) rmSync(reach.path, { force: true });
    const server = createServer((socket) => options.onLink(new SocketLink(socket, { peer: path, local: true })));
    await opened(server, options.onProblem, () => server.listen(reach.path));
    chmodSync(reach.path, 0o600);
    server.on('close', () => reach.close());
    return { address: { path }, close: () => void server.close() };
  } catch (error) {
    reach.close();
    throw error;
  }
}

/** Whether somebody listens there. A file that nobody listens on is left of a feeder that died. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.on('connect', () => end(true));
    socket.on('error', ({ code }: NodeJS.ErrnoException) => end(code !== 'ECONNREFUSED' && code !== 'ENOENT'));
  });
}

async function tcpServer({ key, onLink, onProblem }: ListenOptions): Promise<Server> {
  if (key === undefined)
    return createServer((socket) => onLink(new SocketLink(socket, { peer: peerOf(socket), local: false })));
  const identities = new WeakMap<TLSSocket, string>();
  const server = await tlsServer(key, identities);
  server.on('secureConnection', (socket) => {
    const identity = identities.get(socket);
    // Of a session that is resumed nobody knows whose it is.
    if (identity === undefined) socket.destroy();
    else onLink(new SocketLink(socket, { peer: peerOf(socket), identity, local: false }));
  });
  server.on('tlsClientError', (error, socket) => {
    onProblem(`Refused ${peerOf(socket)}: ${error.message}`);
    // Node leaves a handshake that has timed out open.
    socket.destroy();
  });
  return server;
}

/** TLS 1.3 with the consumers' own keys and no certificate. Loaded only where it is needed. */
async function tlsServer(key: Buffer, identities: WeakMap<TLSSocket, string>): Promise<TlsServer> {
  const { createServer: createTlsServer } = await import('node:tls');
  return createTlsServer({
    minVersion: 'TLSv1.3',
    ciphers: 'TLS_AES_128_GCM_SHA256:PSK',
    handshakeTimeout: HANDSHAKE_MS,
    pskCallback: (socket, identity) => {
      const name = /^(?<id>\d{1,15})\.(?<incarnation>\d{1,15})$/u.exec(identity)?.groups;
      if (name === undefined) return null;
      identities.set(socket, identity);
      return consumerKey(key, Number(name.id), Number(name.incarnation));
    },
  });
}

function opened(server: Server, onProblem: ListenOptions['onProblem'], start: () => void): Promise<void> {
  server.maxConnections = MOST_CONNECTIONS;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => {
      server.off('error', reject);
      // The system refuses a connection, for want of descriptors: the others go on.
      server.on('error', (error) => onProblem(`A connection could not be accepted: ${error.message}`));
      resolve();
    });
    start();
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress ?? 'somebody'}:${remotePort ?? 0}`;
}
