import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock/clock.js';
import { DEFAULTS } from '../config/defaults.js';
import { LIVE, type Health } from '../control/health.js';
import type { LogLevel } from '../logger/logger.js';
import type { RenderedMetrics } from './fleet-metrics.js';
import { createServer } from '../control/node-http.js';

/** Who scrapes does not need more. */
const MOST_CONNECTIONS = 64;
const REQUEST_TIMEOUT_MS = 10_000;

/** Who does not read his answer is dropped: others want his place. */
const SILENCE_MS = 30_000;

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;

export interface MetricsServerOptions {
  /** Default `localhost`. */
  readonly host?: string;
  /** Default 9464; 0: any that is free. */
  readonly port?: number;
  /** Default `/metrics`. */
  readonly path?: string;
  readonly render: () => Promise<RenderedMetrics>;
  readonly ready: () => Health;
  readonly log: (level: LogLevel, message: string) => void;
  readonly clock: Clock;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/**
 * Serves the metrics and the health of a fleet over TCP, and nothing else: whoever can connect can read them, nobody can
 * change anything. An address that is in use is tried again, each time after a longer wait.
 */
export class MetricsServer {
  readonly #options: Required<MetricsServerOptions>;
  readonly #server: Server;
  #page: Promise<RenderedMetrics> | undefined;
  #retryMs = FIRST_RETRY_MS;
  #told = false;
  #closed = false;
  #cancelRetry = (): void => {};

  constructor(options: MetricsServerOptions) {
    const { host = DEFAULTS.metricsHost, port = DEFAULTS.metricsPort, path = DEFAULTS.metricsPath } = options;
    this.#options = { ...options, host, port, path };
    const limits = {
      headersTimeout: REQUEST_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: REQUEST_TIMEOUT_MS / 2,
    };
    this.#server = createServer(limits, (request, response) => void this.#serve(request, response));
    this.#server.maxConnections = MOST_CONNECTIONS;
    this.#server.setTimeout(SILENCE_MS);
    this.#server.on('listening', () => this.#onListening());
    this.#server.on('error', (error: NodeJS.ErrnoException) => this.#onError(error));
  }

  /** Undefined: it does not listen. */
  get url(): string | undefined {
    const address = this.#server.address() as AddressInfo | null;
    return address === null ? undefined : `${urlOf(this.#options.host, address.port)}${this.#options.path}`;
  }

  listen(): void {
    const { host, port } = this.#options;
    this.#server.listen(port, host);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelRetry();
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  #onListening(): void {
    this.#retryMs = FIRST_RETRY_MS;
    // It was closed while its name was looked up.
    if (this.#closed) return void this.#server.close();
    this.#options.log('log', `Metrics at ${this.url}`);
  }

  /** The fleet runs on. */
  #onError({ code, message }: NodeJS.ErrnoException): void {
    if (this.#closed) return;
    const { host, port, log, clock } = this.#options;
    const reason = code === 'EADDRINUSE' ? 'the port is in use' : message;
    log(this.#told ? 'debug' : 'warn', `No metrics at ${urlOf(host, port)} yet: ${reason}. Trying again`);
    this.#told = true;
    this.#cancelRetry = clock.setTimer(this.#retryMs, () => this.listen());
    this.#retryMs = Math.min(LONGEST_RETRY_MS, this.#retryMs * 2);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    const { status, type, text } = await this.#answer(request).catch((error: unknown): Answer =>
      plain(500, error instanceof Error ? error.message : String(error)),
    );
    response.writeHead(status, { 'content-type': type, ...(status === 405 && { allow: 'GET, HEAD' }) });
    response.end(request.method === 'HEAD' ? undefined : text);
  }

  async #answer({ method, url = '/' }: IncomingMessage): Promise<Answer> {
    const [path] = url.split('?', 1);
    const { path: metrics, ready } = this.#options;
    const known = [metrics, '/health/live', '/health/ready'];
    if (!known.includes(path!)) return plain(404, `There is ${known.join(', ')}`);
    if (method !== 'GET' && method !== 'HEAD') return plain(405, 'This can only be read');
    if (path === metrics) return this.#metrics();
    return healthAnswer(path === '/health/live' ? LIVE : ready());
  }

  /** Those who ask at once share a page. */
  async #metrics(): Promise<Answer> {
    this.#page ??= this.#options.render().finally(() => (this.#page = undefined));
    const { contentType, text } = await this.#page;
    return { status: 200, type: contentType, text };
  }
}

function healthAnswer(health: Health): Answer {
  return { status: health.status === 'ok' ? 200 : 503, type: 'application/json', text: JSON.stringify(health) };
}

function plain(status: number, text: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', text: `${text}\n` };
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
