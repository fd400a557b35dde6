import type { ClientRequest, IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { userInfo } from 'node:os';
import { ControlConnectionError, MasterNotRunningError } from './control-errors.js';
import { errorOf, type ErrorAnswer } from './error-answer.js';
import { request as httpRequest } from './node-http.js';
import { readEventStream, type StreamEvent } from './read-event-stream.js';
import { socketAddress } from './socket-address.js';
import type { ControlClientOptions } from './client-options.js';

/** What a client asks for. */
export interface ControlRequest {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: object;
  /** It may take as long as processes take to stop and start. */
  readonly waits?: boolean;
  readonly isText?: boolean;
  /** Statuses of answers that are no errors, beside 200 and 202. */
  readonly also?: readonly number[];
}

const TIMEOUT = 10;

/** Errors that mean that nobody listens. */
const NOBODY = ['ENOENT', 'ECONNREFUSED', 'ENOTDIR'];

/** @throws what the master answers, MasterNotRunningError, ControlConnectionError, or the reason of an aborted signal */
export async function ask(socket: string, request: ControlRequest, options: ControlClientOptions): Promise<unknown> {
  const timeoutMs = request.waits === true ? 0 : (options.timeout ?? TIMEOUT) * 1000;
  const signals = [options.signal, timeoutMs === 0 ? undefined : AbortSignal.timeout(timeoutMs)];
  const signal = AbortSignal.any(signals.filter((each) => each !== undefined));
  try {
    const response = await connect(socket, request, options, signal);
    return resultOf(request, response.statusCode ?? 0, await textOf(response));
  } catch (error) {
    throw explained(error, socket, options);
  }
}

/** The events of a stream, until it ends. */
export async function* follow(
  socket: string,
  request: ControlRequest,
  options: ControlClientOptions,
): AsyncGenerator<StreamEvent, void, undefined> {
  let response: IncomingMessage | undefined;
  try {
    response = await connect(socket, request, options, options.signal ?? new AbortController().signal);
    if (response.statusCode !== 200) resultOf(request, response.statusCode ?? 0, await textOf(response));
    yield* readEventStream(response);
  } catch (error) {
    if (options.signal?.aborted === true) return;
    throw explained(error, socket, options);
  } finally {
    response?.destroy();
  }
}

async function connect(
  socket: string,
  request: ControlRequest,
  options: ControlClientOptions,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  signal.throwIfAborted();
  const address = socketAddress(socket);
  try {
    const sent = send(address.path, request, options, signal);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return response;
  } finally {
    address.close();
  }
}

function send(
  socketPath: string,
  { method = 'GET', path, query = {}, body }: ControlRequest,
  { operator = ownName(), pid }: ControlClientOptions,
  signal: AbortSignal,
): ClientRequest {
  const given = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)] as [string, string]],
  );
  const search = given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
  const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const headers = {
    'x-operator': operator.replaceAll(/[^\u0020-\u007e]/g, '?'),
    ...(pid !== undefined && { 'x-master-pid': pid }),
    ...(bytes && { 'content-type': 'application/json', 'content-length': bytes.length }),
  };
  // Each request has a connection of its own: none is left open behind its user's back.
  const sent = httpRequest({ socketPath, method, path: `${path}${search}`, headers, agent: false, signal });
  // What goes wrong after the response has begun is told by the response.
  sent.on('error', () => {});
  return sent.end(bytes);
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function resultOf({ isText = false, also = [] }: ControlRequest, status: number, text: string): unknown {
  const isGood = status === 200 || status === 202 || also.includes(status);
  if (isGood && isText) return text;
  const value = parse(text);
  if (isGood && value !== undefined) return value;
  throw isErrorAnswer(value) ? errorOf(status, value) : new ControlConnectionError(`The master has answered ${status}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isErrorAnswer(value: unknown): value is ErrorAnswer {
  const { error } = (value ?? {}) as Partial<ErrorAnswer>;
  return typeof error === 'object' && typeof error?.code === 'string';
}

function explained(error: unknown, socket: string, { signal, timeout = TIMEOUT }: ControlClientOptions): unknown {
  if (signal?.aborted === true) return signal.reason;
  const { code, name, message, syscall } = error as NodeJS.ErrnoException;
  if (name === 'TimeoutError' || name === 'AbortError')
    return new ControlConnectionError(`The master did not answer within ${timeout} s`, { cause: error });
  if (NOBODY.includes(code ?? '')) return new MasterNotRunningError(socket, { cause: error });
  if (syscall === undefined && code !== 'ECONNRESET' && code !== 'EPIPE') return error;
  return new ControlConnectionError(`The master has not answered: ${message}`, { cause: error });
}

function ownName(): string {
  return `${userName()} (pid ${process.pid})`;
}

/** In containers a user may be without a name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'somebody');
  }
}
