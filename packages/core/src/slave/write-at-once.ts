import type { Writable } from 'node:stream';

/** Node's own handle below a stream on a pipe; not in its public types. */
interface PipeHandle {
  setBlocking?(blocking: boolean): void;
}

/**
 * Makes a stream on a pipe write at once, as one on a file or a terminal does: by default what the pipe has no room
 * for is lost by `process.exit`, and fills the memory while nobody reads. When its reader is gone for good, what is
 * said is lost, but does not end the program.
 * See https://nodejs.org/api/process.html#a-note-on-process-io
 */
export function writeAtOnce(stream: Writable & { readonly _handle?: PipeHandle | null }): void {
  stream._handle?.setBlocking?.(true);
  stream.on('error', () => {});
}
