import { StreamLink } from '../agent-channel/stream-link.js';
import type { Clock } from '../clock/clock.js';
import { SystemClock } from '../clock/system-clock.js';
import type { AgentTarget } from '../hosts/agent-target.js';
import type { AgentConnection } from '../launcher/remote-hosts.js';
import type { LogLevel } from '../logger/logger.js';
import { Attempt } from './attempt.js';
import { readSshConfig } from './config-file.js';
import { findCredentials, type Credentials } from './credentials.js';
import { resolveDestination, type Destination, type Hop } from './destination.js';
import { Gates } from './gates.js';
import { HostUnreachableError } from './host-error.js';
import { HostKeyBook } from './host-key-book.js';
import { PrivateKeys } from './private-key.js';
import { relayPlace, type RelayPlace } from './relay-command.js';
import { startRelay } from './relay-session.js';
import { openRoute, type Route } from './route.js';
import { ownSurroundings, type Surroundings } from './surroundings.js';

const LEASE_S = 30;

export interface SshConnectionsOptions {
  /** About a host, by its name. */
  readonly log: (host: string, level: LogLevel, message: string) => void;
  /** Default: the machine's own. */
  readonly clock?: Clock;
  /** What is not that of the process and its user. */
  readonly surroundings?: Partial<Surroundings>;
}

/** How agents are reached over SSH. Whatever goes wrong is a HostError. */
export function sshConnections(options: SshConnectionsOptions): (target: AgentTarget) => AgentConnection {
  const connector = new SshConnector(options);
  return (target) => ({
    transport: 'SSH',
    lease: target.ssh.lease ?? LEASE_S,
    connect: (signal) => connector.connect(target, signal),
  });
}

/** Where a link shall lead. */
interface Place {
  readonly target: AgentTarget;
  readonly place: RelayPlace;
  readonly destination: Destination;
  readonly signal: AbortSignal | undefined;
}

/** What all connections of a launcher share. */
class SshConnector {
  readonly #options: SshConnectionsOptions;
  readonly #clock: Clock;
  readonly #own: Surroundings;
  readonly #gates = new Gates();
  readonly #keys = new PrivateKeys();
  readonly #warned = new Set<string>();

  constructor(options: SshConnectionsOptions) {
    this.#options = options;
    this.#clock = options.clock ?? new SystemClock();
    this.#own = { ...ownSurroundings(), ...options.surroundings };
  }

  async connect(target: AgentTarget, signal: AbortSignal | undefined): Promise<StreamLink> {
    const place = relayPlace(target, this.#own);
    const lookUp = await readSshConfig(target.name, this.#own);
    const destination = resolveDestination(target, lookUp, this.#own);
    const route = await this.#open(destination, signal);
    try {
      return await this.#link(route, { target, place, destination, signal });
    } catch (error) {
      route.socket.destroy();
      throw error;
    }
  }

  async #link(route: Route, { target, place, destination, signal }: Place): Promise<StreamLink> {
    const { connectTimeoutMs: timeoutMs, name } = destination;
    const log = (level: LogLevel, message: string): void => this.#options.log(name, level, message);
    return new StreamLink(await startRelay({ route, target, place, timeoutMs, clock: this.#clock, signal, log }));
  }

  async #open(destination: Destination, signal: AbortSignal | undefined): Promise<Route> {
    const { name, connectTimeoutMs: timeoutMs } = destination;
    const book = await HostKeyBook.open(destination, (level, message) => this.#logOnce(name, level, message));
    const late = (doing: string): HostUnreachableError =>
      new HostUnreachableError(name, `${name}: no ${doing} within connect_timeout, ${timeoutMs / 1000} s`);
    const attempt = new Attempt({ timeoutMs, clock: this.#clock, late, signal });
    const credentials = new Map<Hop, Credentials>();
    try {
      for (const hop of [...destination.via, destination]) {
        credentials.set(hop, await findCredentials(hop, destination, { keys: this.#keys, own: this.#own, attempt }));
      }
      return await openRoute({ destination, credentials, book, attempt, gates: this.#gates });
    } finally {
      attempt.pause();
      for (const each of credentials.values()) each.close();
    }
  }

  #logOnce(host: string, level: LogLevel, message: string): void {
    if (level === 'warn' && this.#warned.has(`${host} ${message}`)) return;
    this.#warned.add(`${host} ${message}`);
    this.#options.log(host, level, message);
  }
}
