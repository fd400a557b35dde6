import type { Writable } from 'node:stream';
import { currentItem } from './item-context.js';

const NEWLINE = 0x0a;

type Write = (chunk: unknown, ...more: unknown[]) => boolean;

/**
 * Lines that are written to this stream within the handling of an item begin with `[item <id>]` from now on, whoever
 * writes them: `console.log` writes to `process.stdout`.
 *
 * @returns what undoes it
 */
export function tagOutput(stream: Writable): () => void {
  const write = stream.write.bind(stream) as Write;
  let atStart = true;
  const tagging: Write = (chunk, ...more) => {
    const item = currentItem();
    const tag = item === undefined || hasTag(chunk, item.id) ? undefined : `[item ${item.id}] `;
    const out = tag === undefined ? chunk : taggedChunk(chunk, more[0], { tag, atStart });
    atStart = endsLine(chunk, atStart);
    if (out === chunk) return write(chunk, ...more);
    // It is bytes now, or text in UTF-8 as before: an encoding says nothing any more.
    return write(out, ...more.filter((each) => typeof each === 'function'));
  };
  const own = Object.getOwnPropertyDescriptor(stream, 'write');
  stream.write = tagging as Writable['write'];
  return () => {
    if (own === undefined) Reflect.deleteProperty(stream, 'write');
    else Object.defineProperty(stream, 'write', own);
  };
}

interface Tagging {
  readonly tag: string;
  readonly atStart: boolean;
}

/** A logger of the item has said it already. */
function hasTag(chunk: unknown, id: string): boolean {
  return typeof chunk === 'string' && chunk.startsWith(`[item ${id}] `);
}

function taggedChunk(chunk: unknown, encoding: unknown, tagging: Tagging): unknown {
  if (typeof chunk === 'string') {
    const isText = typeof encoding !== 'string' || /^utf-?8$/iu.test(encoding);
    return isText ? taggedText(chunk, tagging) : taggedBytes(Buffer.from(chunk, encoding as BufferEncoding), tagging);
  }
  return chunk instanceof Uint8Array ? taggedBytes(chunk, tagging) : chunk;
}

function taggedText(text: string, { tag, atStart }: Tagging): string {
  if (text === '') return text;
  const start = atStart ? tag : '';
  // The newline at the end starts no line of ours: who writes next may be another item.
  return start + text.slice(0, -1).replaceAll('\n', `\n${tag}`) + text.slice(-1);
}

function taggedBytes(bytes: Uint8Array, { tag, atStart }: Tagging): Uint8Array {
  const label = Buffer.from(tag);
  const parts: Uint8Array[] = atStart && bytes.length > 0 ? [label] : [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1 && end < bytes.length - 1; end = bytes.indexOf(NEWLINE, start)) {
    parts.push(bytes.subarray(start, end + 1), label);
    start = end + 1;
  }
  return Buffer.concat([...parts, bytes.subarray(start)]);
}

function endsLine(chunk: unknown, before: boolean): boolean {
  if (typeof chunk === 'string') return chunk === '' ? before : chunk.endsWith('\n');
  return chunk instanceof Uint8Array && chunk.length > 0 ? chunk.at(-1) === NEWLINE : before;
}
