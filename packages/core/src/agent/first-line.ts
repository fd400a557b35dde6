import type { Readable } from 'node:stream';
import { RelayInputError } from './agent-errors.js';

const NEWLINE = 0x0a;

export interface FirstLineLimits {
  readonly bytes: number;
  readonly waitMs: number;
}

const LIMITS: FirstLineLimits = { bytes: 65_536, waitMs: 10_000 };

/**
 * The first line of a stream, without its end. What follows it is put back: the stream is paused.
 *
 * @throws RelayInputError when none comes, or one that is too long
 */
export async function firstLine(input: Readable, { bytes, waitMs }: FirstLineLimits = LIMITS): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const fail = (reason: string): void => reject(new RelayInputError(`No line has come on standard input: ${reason}`));
  const chunks: Buffer[] = [];
  let size = 0;
  const onData = (chunk: Buffer): void => {
    chunks.push(chunk);
    size += chunk.length;
    const end = chunk.indexOf(NEWLINE);
    if (end === -1 && size <= bytes) return;
    input.off('data', onData).pause();
    if (end === -1) return fail(`its first ${size} bytes have no end of a line`);
    const all = Buffer.concat(chunks);
    const newline = size - chunk.length + end;
    if (newline + 1 < size) input.unshift(all.subarray(newline + 1));
    resolve(all.toString('utf8', 0, newline));
  };
  const onEnd = (): void => fail('it has ended. run-agent is started by a master, over SSH');
  const timer = setTimeout(() => fail(`nothing for ${waitMs / 1000} s`), waitMs);
  input.on('data', onData).once('end', onEnd).once('close', onEnd).once('error', onEnd);
  return promise.finally(() => {
    clearTimeout(timer);
    input.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onEnd);
  });
}
