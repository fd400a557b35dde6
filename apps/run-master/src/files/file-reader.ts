import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { FileContent } from './file-record.js';
import { TextCounter } from './text-counter.js';

const CHUNK_BYTES = 256 * 1024;
/** How much of a file git looks at to tell text from binary. */
const BINARY_PROBE_BYTES = 8000;
/** A link that took a file's place since the walk is not followed, a pipe is not waited for. (Windows has neither flag.) */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Hashes and counts files, one at a time and piece by piece: a big file takes no more memory than a small one. */
@Injectable()
export class FileReader {
  private readonly buffer = Buffer.allocUnsafe(CHUNK_BYTES);

  /**
   * @param onChunk called after each piece; what it throws ends the reading and is passed on
   */
  async read(path: string, onChunk: () => void): Promise<FileContent> {
    const file = await open(path, FLAGS).catch(() => null);
    if (!file) return contentOf('unreadable');
    try {
      return await this.readOpen(file, onChunk);
    } finally {
      await file.close();
    }
  }

  private async readOpen(file: FileHandle, onChunk: () => void): Promise<FileContent> {
    const hash = createHash('sha256');
    const counter = new TextCounter();
    for (let bytes = 0; ; onChunk()) {
      const chunk = await this.nextChunk(file);
      if (!chunk) return contentOf('unreadable', bytes);
      if (bytes === 0 && chunk.subarray(0, BINARY_PROBE_BYTES).includes(0)) {
        return contentOf('binary', (await file.stat()).size);
      }
      if (chunk.length === 0) {
        return { kind: 'text', bytes, lines: counter.lines, words: counter.words, sha256: hash.digest('hex') };
      }
      hash.update(chunk);
      counter.add(chunk);
      bytes += chunk.length;
    }
  }

  private async nextChunk(file: FileHandle): Promise<Buffer | null> {
    const result = await file.read(this.buffer, 0, CHUNK_BYTES, null).catch(() => null);
    return result && this.buffer.subarray(0, result.bytesRead);
  }
}

function contentOf(kind: 'binary' | 'unreadable', bytes = 0): FileContent {
  return { kind, bytes, lines: 0, words: 0, sha256: '' };
}
