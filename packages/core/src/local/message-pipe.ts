import type { Duplex } from 'node:stream';
import type { LauncherMessage } from '../channel/launcher-message.js';
import { LineSplitter } from './line-splitter.js';

/** A longer message is taken for garbage: nobody fills our memory with a line that has no end. */
const MAX_MESSAGE_BYTES = 16_777_216;

/**
 * The launcher's end of a channel: one JSON text a line, as Node's IPC has it. Node's own parent end would end the
 * whole launcher with a SyntaxError at the first line that is no JSON.
 */
export class MessagePipe {
  readonly #stream: Duplex;

  /** @param received learns of each message; a line that is no JSON comes as text */
  constructor(stream: Duplex, received: (message: unknown) => void) {
    this.#stream = stream;
    const splitter = new LineSplitter(MAX_MESSAGE_BYTES);
    stream.on('data', (chunk: Buffer) => {
      const lines = splitter.push(chunk);
      if (lines !== '') for (const line of lines.slice(0, -1).split('\n')) received(parse(line));
    });
    // The peer is gone or has closed its end: its exit tells.
    stream.on('error', () => {});
  }

  /** To a peer that is gone nothing is sent. */
  send(message: LauncherMessage): void {
    if (this.#stream.writable) this.#stream.write(`${JSON.stringify(message)}\n`);
  }

  destroy(): void {
    this.#stream.destroy();
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}
