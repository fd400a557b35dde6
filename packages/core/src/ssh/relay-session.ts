import type { ClientChannel } from 'ssh2';
import { RELAY_MARKER } from '../agent/relay.js';
import type { LinkStreams } from '../agent-channel/stream-link.js';
import type { Clock } from '../clock/clock.js';
import type { AgentTarget } from '../hosts/agent-target.js';
import type { LogLevel } from '../logger/logger.js';
import { Attempt } from './attempt.js';
import { channelStreams } from './channel-streams.js';
import { HostAgentError, HostSessionError, HostUnreachableError } from './host-error.js';
import { Preamble } from './preamble.js';
import { relayCommand, relayProblem, type RelayPlace } from './relay-command.js';
import { RelayStderr } from './relay-stderr.js';
import type { Route } from './route.js';

/** So many characters of what came in place of a relay are shown. */
const EXCERPT = 200;

/** What is waited for first: from the host, not from the relay. */
const SESSION = 'session';

export interface RelayOptions {
  readonly route: Route;
  readonly target: AgentTarget;
  readonly place: RelayPlace;
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Aborted, the attempt is given up. */
  readonly signal: AbortSignal | undefined;
  readonly log: (level: LogLevel, message: string) => void;
}

/**
 * Starts the relay on a host; resolves when it has begun, with what it says from there on.
 *
 * @throws HostError; the connection is left to the caller
 */
export async function startRelay(options: RelayOptions): Promise<LinkStreams> {
  return new RelaySession(options).start();
}

class RelaySession {
  readonly #options: RelayOptions;
  readonly #attempt: Attempt;
  readonly #preamble = new Preamble(RELAY_MARKER);
  readonly #stderr: RelayStderr;

  constructor(options: RelayOptions) {
    const { timeoutMs, clock, signal, log } = options;
    this.#options = options;
    this.#stderr = new RelayStderr(clock, log);
    this.#attempt = new Attempt({ timeoutMs, clock, signal, late: (doing) => this.#late(doing) });
  }

  async start(): Promise<LinkStreams> {
    try {
      const channel = await this.#execute();
      channel.stderr.on('data', (chunk: Buffer) => this.#stderr.push(chunk)).once('end', () => this.#stderr.end());
      const head = await this.#begin(channel);
      this.#tellPreamble();
      const { route, clock } = this.#options;
      const onData = (): void => this.#stderr.begin();
      return channelStreams({
        channel,
        route,
        clock,
        head,
        onData,
        failure: (code, signal) => this.#ended(code, signal),
      });
    } finally {
      this.#attempt.pause();
    }
  }

  async #execute(): Promise<ClientChannel> {
    const { route, place } = this.#options;
    this.#attempt.begin(SESSION);
    return this.#attempt.until<ClientChannel>((done, fail) => {
      const onClose = (): void => fail(this.#noSession('the connection was closed'));
      route.client.once('close', onClose);
      route.client.exec(relayCommand(place), (error, channel) => {
        // A broken channel is told by its end; an error that nobody listens to would end the program.
        channel?.on('error', () => {});
        if (error === undefined) done(channel);
        else fail(this.#noSession(error.message));
      });
      return () => route.client.off('close', onClose);
    });
  }

  /** @returns what has come after the marker */
  async #begin(channel: ClientChannel): Promise<Buffer> {
    this.#attempt.begin('word of the relay');
    return this.#attempt.until<Buffer>((done, fail) => {
      const release = (): void => {
        channel.off('data', onData).off('close', onClose);
        channel.pause();
      };
      const onData = (chunk: Buffer): void => {
        const head = this.#preamble.push(chunk);
        if (head === undefined && this.#preamble.isTooLong) fail(this.#failure('what answers is no relay'));
        if (head === undefined) return;
        release();
        done(head);
      };
      const onClose = (code?: number | null, signal?: string): void => fail(this.#ended(code ?? null, signal));
      channel.on('data', onData).once('close', onClose);
      return release;
    });
  }

  #tellPreamble(): void {
    const text = this.#preamble.text.trim();
    if (text !== '')
      this.#options.log('debug', `Said before the relay began: ${JSON.stringify(text.slice(0, EXCERPT))}`);
  }

  #ended(code: number | null, signal: string | undefined): Error {
    const { target, place } = this.#options;
    const problem = relayProblem(target, place, this.#stderr.tail);
    if (problem !== undefined) return problem;
    // A host says how a program has ended: what it does not say has not.
    if (code === null && signal === undefined) return this.#broken();
    const how = signal === undefined ? `ended with code ${code}` : `was killed by ${signal}`;
    return this.#failure(`the relay ${how} before it was ready`);
  }

  #late(doing: string): Error {
    const { target, timeoutMs } = this.#options;
    const what = `no ${doing} within connect_timeout, ${timeoutMs / 1000} s`;
    return doing === SESSION ? new HostUnreachableError(target.name, `${target.name}: ${what}`) : this.#failure(what);
  }

  #broken(): HostUnreachableError {
    const { name } = this.#options.target;
    return new HostUnreachableError(name, `${name}: the connection broke before the agent had answered`);
  }

  #failure(what: string): HostAgentError {
    const { target, place } = this.#options;
    const said = this.#stderr.tail || excerpt(this.#preamble.text);
    const words = said === '' ? 'it said nothing' : `it said: ${said}`;
    const command = `${place.binPath} ${place.console} run-agent`;
    return new HostAgentError(
      target.name,
      `${target.name}: ${what}; ${words}; to see more, run there in ${place.path}: ${command}`,
    );
  }

  #noSession(reason: string): HostSessionError {
    const { name } = this.#options.target;
    return new HostSessionError(
      name,
      `${name}: the host lets the user in, but opens no session: ${reason}; look at MaxSessions and ForceCommand of its sshd, and at the user's limits`,
    );
  }
}

function excerpt(text: string): string {
  const start = text.trim().slice(0, EXCERPT);
  return start === '' ? '' : JSON.stringify(start);
}
