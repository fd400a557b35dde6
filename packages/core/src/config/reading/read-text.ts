import { open } from 'node:fs/promises';
import type { ProblemList } from './problem-list.js';

/** A configuration is written by hand; what is longer is another file. */
const MAX_BYTES = 1_048_576;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'the file does not exist',
  EISDIR: 'found a directory, expected a file',
  EACCES: 'the file cannot be read: no permission',
  EPERM: 'the file cannot be read: no permission',
  ENOTDIR: 'the file does not exist (a part of its path is no directory)',
};

/** The text of a file; undefined when it cannot be had, `problems` then says why. Pipes work too. */
export async function readText(file: string, problems: ProblemList): Promise<string | undefined> {
  try {
    const bytes = await readBounded(file);
    if (bytes.length <= MAX_BYTES) return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    problems.add('', `the file is larger than ${MAX_BYTES} bytes`);
  } catch (error) {
    problems.add('', explain(error));
  }
  return undefined;
}

/** Never reads more than one byte over the bound, whatever size the file claims to have. */
async function readBounded(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.alloc(MAX_BYTES + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, null);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } finally {
    await handle.close();
  }
}

function explain(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'the file is not UTF-8';
  return REASONS[code] ?? `the file cannot be read: ${code || String(error)}`;
}
