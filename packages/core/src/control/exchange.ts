import type { IncomingMessage, ServerResponse } from 'node:http';
import { ControlRequestError } from './control-errors.js';
import { answerOf, MISDIRECTED } from './error-answer.js';
import { readBody, type Body } from './request-body.js';

/** Bytes of all answers together that nobody has read yet. */
const MOST_UNREAD = 67_108_864;

const LONGEST_NAME = 200;

/** What is answered; `text`: not JSON. */
export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly text?: { readonly contentType: string; readonly text: string };
}

/** One request and its response. */
export class Exchange {
  readonly path: string;
  readonly query: URLSearchParams;

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
  ) {
    const [path = '/', query = ''] = splitOnce(request.url ?? '/', '?');
    this.path = path;
    this.query = new URLSearchParams(query);
    // A client that dies in the middle is no error of ours.
    for (const stream of [request, response]) stream.on('error', () => {});
  }

  get method(): string {
    return this.request.method ?? 'GET';
  }

  /** Who asks, as it says itself. */
  get operator(): string | undefined {
    const name = this.request.headers['x-operator'];
    return typeof name === 'string' ? name.replaceAll(/\p{Cc}/gu, '').slice(0, LONGEST_NAME) : undefined;
  }

  /** @throws ControlRequestError 421 when another master is meant */
  assertMeant(): void {
    const meant = this.request.headers['x-master-pid'];
    if (meant !== undefined && meant !== String(process.pid))
      throw new ControlRequestError(MISDIRECTED, `Another master is meant: this one has the pid ${process.pid}`);
  }

  body(): Promise<Body> {
    return readBody(this.request);
  }
}

/** Writes answers, as long as they are read. */
export class Answers {
  #unread = 0;

  send({ request, response }: Exchange, { status = 200, body, text }: Answer): void {
    if (response.destroyed || response.writableEnded) return;
    const bytes = Buffer.from(text?.text ?? `${JSON.stringify(body)}\n`);
    if (this.#unread > 0 && this.#unread + bytes.length > MOST_UNREAD) return void response.writeHead(503).end();
    this.#unread += bytes.length;
    response.once('close', () => (this.#unread -= bytes.length));
    const headers: Record<string, string | number> = {
      'content-type': text?.contentType ?? 'application/json; charset=utf-8',
      'content-length': bytes.length,
      'cache-control': 'no-store',
    };
    // The rest of what it sends is not wanted.
    if (!request.complete) headers.connection = 'close';
    response.writeHead(status, headers).end(bytes);
  }

  fail(exchange: Exchange, error: unknown): void {
    const { response } = exchange;
    if (response.headersSent) return void response.destroy();
    const [status, body] = answerOf(error);
    if (status === 405 && error instanceof ControlRequestError) response.setHeader('allow', error.allowed);
    this.send(exchange, { status, body });
  }
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
