import { open, type FileHandle } from 'node:fs/promises';
import { extname } from 'node:path';
import { TextDecoder } from 'node:util';
import { Injectable } from '@nestjs/common';

/** A file with a zero byte so near its beginning is no text, as git judges it. */
const BINARY_PROBE_BYTES = 8_000;
const CHUNK_BYTES = 256 * 1024;
const JSON_EXTENSIONS: ReadonlySet<string> = new Set(['.json', '.map']);
/** JSON can be parsed as a whole only. */
const LONGEST_JSON_BYTES = 64 * 1024 * 1024;

/** Tells whether files are what they are supposed to be. */
@Injectable()
export class FileChecker {
  /** @throws an error that says what is wrong with the file; binary files are never wrong */
  async check(path: string): Promise<void> {
    const file = await open(path);
    try {
      if (await isBinary(file)) return;
      await (JSON_EXTENSIONS.has(extname(path)) ? checkJson(file) : checkText(file));
    } finally {
      await file.close();
    }
  }
}

async function isBinary(file: FileHandle): Promise<boolean> {
  const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(BINARY_PROBE_BYTES), 0, BINARY_PROBE_BYTES, 0);
  return buffer.subarray(0, bytesRead).includes(0);
}

async function checkJson(file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  if (size > LONGEST_JSON_BYTES) throw new Error(`too large to parse: ${size} bytes`);
  JSON.parse(decode(strictDecoder(), await file.readFile()));
}

/** Piece by piece: a big file takes no more memory than a small one. */
async function checkText(file: FileHandle): Promise<void> {
  const decoder = strictDecoder();
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, null);
    decode(decoder, buffer.subarray(0, bytesRead), bytesRead > 0);
    if (bytesRead === 0) return;
  }
}

function strictDecoder(): TextDecoder {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
}

/** @param stream a character may go on in the next piece */
function decode(decoder: TextDecoder, bytes: Uint8Array, stream = false): string {
  try {
    return decoder.decode(bytes, { stream });
  } catch {
    throw new Error('not valid UTF-8');
  }
}
