import { createConnection, type Socket } from 'node:net';
import type { ByteLink, ByteLinkListener, FeedAddress, LinkConnector } from './byte-link.js';
import { SocketLink } from './socket-link.js';
import { socketPath } from './socket-path.js';
import { addressText } from './address-text.js';

/** For a connection to be there; over TLS, authenticated. */
const CONNECT_TIMEOUT_MS = 10_000;

export interface ConsumerCredentials {
  /** `<id>.<incarnation>` */
  readonly identity: string;
  /** 32 bytes; undefined: the feeder has no key, and listens on nothing but this machine. */
  readonly key: Buffer | undefined;
}

/** Connects to feeders: by unix sockets as they are, by TCP over TLS where there is a key. */
export class SocketConnector implements LinkConnector {
  constructor(private readonly credentials: ConsumerCredentials) {}

  /** @throws what the system or TLS has to say, or that it took longer than 10 s, or that it was aborted */
  async connect(address: FeedAddress, listener: ByteLinkListener, signal: AbortSignal): Promise<ByteLink> {
    const { socket, event, close } = await this.#socketTo(address);
    try {
      await connected(socket, event, signal);
    } catch (error) {
      socket.destroy();
      throw error;
    } finally {
      close();
    }
    const { key, identity } = this.credentials;
    const local = 'path' in address;
    const link = new SocketLink(socket, {
      peer: addressText(address),
      local,
      identity: local || !key ? undefined : identity,
    });
    link.listen(listener);
    return link;
  }

  async #socketTo(address: FeedAddress): Promise<{ socket: Socket; event: string; close: () => void }> {
    const { key, identity } = this.credentials;
    if ('path' in address) {
      const reach = socketPath(address.path);
      return { socket: createConnection({ path: reach.path }), event: 'connect', close: () => reach.close() };
    }
    if (key === undefined) return { socket: createConnection(address), event: 'connect', close() {} };
    // Consumers on the feeder's machine need no TLS.
    const { connectTls } = await import('./tls-client.js');
    return { socket: connectTls({ ...address, identity, key }), event: 'secureConnect', close() {} };
  }
}

function connected(socket: Socket, event: string, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(
    () => reject(new Error(`no connection within ${CONNECT_TIMEOUT_MS / 1000} s`)),
    CONNECT_TIMEOUT_MS,
  );
  const onAbort = (): void => reject(new Error('given up'));
  const onClose = (): void => reject(new Error('it was closed at once'));
  socket.once(event, resolve);
  socket.on('error', reject);
  socket.once('close', onClose);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    socket.off('close', onClose);
  });
}
