import type { Duplex } from 'node:stream';
import ssh2, { type AnyAuthMethod, type AuthenticationType, type Client, type ServerHostKeyAlgorithm } from 'ssh2';
import type { Attempt } from './attempt.js';
import type { Credential, Credentials } from './credentials.js';
import type { Hop } from './destination.js';
import { HostAuthenticationError, HostHandshakeError, HostUnreachableError, type HostError } from './host-error.js';
import type { HostKeyBook } from './host-key-book.js';
import { preferKnown, type HostKeyCheck } from './host-key.js';

/** SHA-1 signatures last. */
const ALGORITHMS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
];

export interface LoginOptions {
  readonly hop: Hop;
  readonly credentials: Credentials;
  readonly book: HostKeyBook;
  readonly attempt: Attempt;
}

/**
 * Verifies the host at the other end of a stream and logs in.
 *
 * @throws HostError; the stream is left to the caller
 */
export async function login(stream: Duplex, options: LoginOptions): Promise<Client> {
  const client = new ssh2.Client();
  // What comes after the login is told by the channel; an error that nobody listens to would end the program.
  client.on('error', () => {});
  options.attempt.begin('end of the handshake');
  await options.attempt.until<void>((done, fail) => {
    const session = new Login(options, fail);
    client.on('handshake', session.onHandshake).once('ready', done).on('error', session.onError);
    client.once('close', session.onClose);
    session.connect(client, stream);
    return () => {
      client.off('handshake', session.onHandshake).off('ready', done).off('error', session.onError);
      client.off('close', session.onClose);
    };
  });
  return client;
}

/** One login, as the library's callbacks tell it. */
class Login {
  readonly #options: LoginOptions;
  readonly #fail: (error: Error) => void;
  readonly #check: HostKeyCheck;
  readonly #left: Credential[];
  readonly #tried: string[] = [];
  #refusal: HostError | undefined;
  /** What the host takes, once it has said so. */
  #methods: readonly string[] | undefined;
  #isVerified = false;

  constructor(options: LoginOptions, fail: (error: Error) => void) {
    this.#options = options;
    this.#fail = fail;
    this.#check = options.book.checkOf(options.hop);
    this.#left = [...options.credentials.list];
  }

  connect(client: Client, stream: Duplex): void {
    const { known, knownElsewhere } = this.#check;
    const serverHostKey = preferKnown(ALGORITHMS, [...known, ...knownElsewhere]) as ServerHostKeyAlgorithm[];
    client.connect({
      sock: stream,
      username: this.#options.hop.username,
      // Time is the attempt's matter; silence is noticed by the messages of the link.
      readyTimeout: 0,
      keepaliveInterval: 0,
      algorithms: { serverHostKey },
      hostVerifier: (blob: Buffer) => this.#verify(blob),
      authHandler: (methods, _partial, next) => this.#offer(methods, next),
    });
  }

  readonly onHandshake = (): void => {
    this.#isVerified = true;
    this.#options.attempt.begin('answer to the login');
  };

  readonly onClose = (): void => {
    const { name } = this.#options.hop;
    const doing = this.#isVerified ? 'login' : 'handshake';
    // Before a key was refused that is no word about keys.
    if (this.#methods !== undefined) this.#fail(this.#notLoggedIn('the host closed the connection'));
    else this.#fail(new HostUnreachableError(name, `${name}: the host closed the connection during the ${doing}`));
  };

  readonly onError = (error: Error & { level?: string; code?: unknown }): void => {
    const { name } = this.#options.hop;
    if (this.#refusal !== undefined) return this.#fail(this.#refusal);
    // One key that cannot sign: the next one is tried.
    if (error.level === 'agent' || (error.level === 'client-authentication' && this.#left.length > 0)) return;
    if (error.level === 'client-socket') {
      return this.#fail(
        new HostUnreachableError(name, `${name}: the connection broke: ${error.message}`, { cause: error }),
      );
    }
    if (this.#isVerified)
      return this.#fail(this.#notLoggedIn(error.level === undefined ? error.message : undefined, error));
    const message = `${name}: the handshake failed: ${error.message}`;
    this.#fail(new HostHandshakeError(name, message, { cause: error }));
  };

  #verify(blob: Buffer): boolean {
    this.#refusal = this.#options.book.refusal(blob, this.#check);
    return this.#refusal === undefined;
  }

  /** The type does not know that false ends it. */
  #offer(methods: readonly AuthenticationType[] | null, next: (method: AnyAuthMethod) => void): void {
    (next as (method: AnyAuthMethod | false) => void)(this.#next(methods));
  }

  #next(methods: readonly AuthenticationType[] | null): AnyAuthMethod | false {
    if (methods !== null) this.#methods = methods;
    const { username } = this.#options.hop;
    const credential = this.#left.shift();
    // Without anything to try, the host is asked what it would take.
    if (credential === undefined) return methods === null ? { type: 'none', username } : false;
    this.#tried.push(credential.label);
    return 'key' in credential
      ? { type: 'publickey', username, key: credential.key }
      : { type: 'agent', username, agent: credential.agent };
  }

  #notLoggedIn(reason?: string, cause?: Error): HostError {
    const { hop, credentials } = this.#options;
    const { name, username } = hop;
    const keys = this.#tried.length === 0 ? 'no key' : this.#tried.join(', ');
    const takes = this.#methods && `the host takes ${this.#methods.join(', ')}`;
    const facts = [reason, takes, ...credentials.notes].filter((fact) => fact !== undefined);
    const remedy = `add the public key to authorized_keys of ${username} there, or name another in private_key`;
    return new HostAuthenticationError(
      name,
      `Authentication failed using ${username} and ${keys}: ${[`${name} lets nobody in with it`, ...facts].join('; ')}; ${remedy}`,
      { cause },
    );
  }
}
