import type { Duplex, Readable, Writable } from 'node:stream';
import { LineSplitter } from '../local/line-splitter.js';
import type { AgentLink, AgentLinkListener } from './agent-link.js';
import { MAX_MESSAGE_BYTES } from './protocol.js';

/** The two directions of a link; a duplex stream is both. */
export interface LinkStreams {
  readonly input: Readable;
  readonly output: Writable;
}

/** A link over a stream of bytes: one JSON text a line. */
export class StreamLink implements AgentLink {
  readonly #input: Readable;
  readonly #output: Writable;
  #listener: AgentLinkListener | undefined;
  #over = false;

  constructor(streams: Duplex | LinkStreams) {
    const { input, output } = 'input' in streams ? streams : { input: streams, output: streams };
    this.#input = input;
    this.#output = output;
    // A stream that breaks before anybody listens must not end the program; `listen` finds out.
    for (const stream of [input, output]) stream.on('error', (error) => this.#end(error.message));
  }

  listen(listener: AgentLinkListener): void {
    this.#listener = listener;
    const splitter = new LineSplitter(MAX_MESSAGE_BYTES);
    this.#input.on('data', (chunk: Buffer) => this.#onLines(splitter.push(chunk)));
    this.#input.once('end', () => this.#end('the other side has ended it'));
    for (const stream of [this.#input, this.#output]) stream.once('close', () => this.#end('the stream was closed'));
    this.#output.on('drain', () => this.#over || listener.drained());
    if (this.#over || this.#input.destroyed || this.#output.destroyed) {
      this.#over = false;
      queueMicrotask(() => this.#end('the stream broke'));
    }
  }

  send(message: object): boolean {
    if (this.#over || !this.#output.writable) return true;
    return this.#output.write(`${JSON.stringify(message)}\n`);
  }

  close(): void {
    this.#over = true;
    this.#output.end();
    this.#input.destroy();
  }

  #onLines(lines: string): void {
    if (lines === '') return;
    for (const line of lines.slice(0, -1).split('\n')) {
      // Its own listener may have closed the link meanwhile.
      if (this.#over) return;
      this.#listener!.message(parse(line));
    }
  }

  #end(reason: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#output.destroy();
    this.#input.destroy();
    this.#listener?.closed(reason);
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}
