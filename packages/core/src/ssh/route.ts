import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import type { Attempt } from './attempt.js';
import type { Credentials } from './credentials.js';
import type { Destination, Hop } from './destination.js';
import type { Gates } from './gates.js';
import { awaitGreeting } from './greeting.js';
import { HostUnreachableError } from './host-error.js';
import type { HostKeyBook } from './host-key-book.js';
import { login } from './login.js';

/** A host that is logged in to. */
export interface Route {
  readonly client: Client;
  /** What carries it all: destroyed, the clients of all hops are closed. */
  readonly socket: Socket;
}

export interface RouteOptions {
  readonly destination: Destination;
  readonly credentials: ReadonlyMap<Hop, Credentials>;
  readonly book: HostKeyBook;
  readonly attempt: Attempt;
  readonly gates: Gates;
}

/**
 * Connects to the first hop, logs in, and so from hop to hop.
 *
 * @throws HostError
 */
export async function openRoute(options: RouteOptions): Promise<Route> {
  const { destination, gates, attempt } = options;
  const hops = [...destination.via, destination];
  const entrance = hops[0]!;
  attempt.pause();
  const leave = await gates.of(entrance).enter();
  const socket = dial(entrance);
  try {
    await connected(socket, entrance, attempt);
    await awaitGreeting(socket, entrance.name, attempt);
    attempt.pause();
    const finish = await gates.all.enter();
    try {
      return { socket, client: await walk(socket, hops, options) };
    } finally {
      finish();
    }
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    leave();
  }
}

function dial({ host, port }: Hop): Socket {
  // Without noDelay each small message of the handshake waits for the answer to the one before, 40 ms.
  const socket = connect({ host, port, noDelay: true });
  // Whoever waits for it listens as well; an error that nobody listens to would end the program.
  socket.on('error', () => {});
  return socket;
}

async function connected(socket: Socket, { name, host, port }: Hop, attempt: Attempt): Promise<void> {
  attempt.begin(`TCP connection to ${host}:${port}`);
  await attempt.until<void>((done, fail) => {
    const onError = (error: NodeJS.ErrnoException): void => fail(unreachable(name, error));
    socket.once('connect', done).once('error', onError);
    return () => socket.off('connect', done).off('error', onError);
  });
}

async function walk(socket: Socket, hops: readonly Hop[], options: RouteOptions): Promise<Client> {
  const { book, attempt, credentials } = options;
  let stream: Duplex = socket;
  let client: Client | undefined;
  for (const [index, hop] of hops.entries()) {
    if (client !== undefined) {
      stream = await forward(client, hops[index - 1]!, hop, attempt);
      await awaitGreeting(stream, hop.name, attempt);
    }
    client = await login(stream, { hop, credentials: credentials.get(hop)!, book, attempt });
  }
  return client!;
}

/** A connection from one hop to the next. */
async function forward(client: Client, from: Hop, to: Hop, attempt: Attempt): Promise<Duplex> {
  attempt.begin(`connection from ${from.name} to ${to.host}:${to.port}`);
  return attempt.until<Duplex>((done, fail) => {
    const onClose = (): void => fail(new HostUnreachableError(from.name, `${from.name}: the connection was closed`));
    client.once('close', onClose);
    client.forwardOut('127.0.0.1', 0, to.host, to.port, (error, channel) => {
      // As for the socket.
      channel?.on('error', () => {});
      if (error === undefined) done(channel);
      else
        fail(
          new HostUnreachableError(
            to.name,
            `${to.name}: ${from.name} (ProxyJump) cannot reach ${to.host}:${to.port}: ${error.message}`,
            { cause: error },
          ),
        );
    });
    return () => client.off('close', onClose);
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there: is sshd running, is it the right port?',
  ENOTFOUND: 'there is no such host name: check it, or add it to ~/.ssh/config',
  EAI_AGAIN: 'the name cannot be looked up now',
  EHOSTUNREACH: 'the network knows no way there',
  ENETUNREACH: 'the network knows no way there',
  ETIMEDOUT: 'nobody answers',
};

/** A name with several addresses fails with several errors, and no text of its own. */
function unreachable(name: string, error: NodeJS.ErrnoException): HostUnreachableError {
  const each = error instanceof AggregateError ? (error.errors as Error[]) : [error];
  const texts = [...new Set(each.map(({ message }) => message))].join(', ');
  const reason = REASONS[error.code ?? ''];
  return new HostUnreachableError(name, `${name}: ${texts}${reason === undefined ? '' : `: ${reason}`}`, {
    cause: error,
  });
}
