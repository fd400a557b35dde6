import type { IncomingMessage } from 'node:http';
import { ControlRequestError } from './control-errors.js';

const MOST_BYTES = 65_536;

export type Body = Readonly<Record<string, unknown>>;

/**
 * The JSON object of a request; without a body an empty one.
 *
 * @throws ControlRequestError
 */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Who sent too much is told so: its connection must not be destroyed before.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new ControlRequestError(413, `The body has more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return bytes === 0 ? {} : parse(Buffer.concat(chunks).toString());
}

function parse(text: string): Body {
  const value = parseJson(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Body;
  throw new ControlRequestError(400, 'The body is no JSON object');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
