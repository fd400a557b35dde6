import { write } from 'node:fs';

export interface WriteResult {
  readonly written: number;
  /** Why not all of it. */
  readonly error?: Error;
}

/** Writes all bytes to a file: one write may take only some, as where the disk is about to be full. */
export function writeFully(descriptor: number, bytes: Uint8Array): Promise<WriteResult> {
  return new Promise((resolve) => {
    const next = (at: number): void =>
      write(descriptor, bytes, at, bytes.length - at, null, (error, count) => {
        if (error !== null) resolve({ written: at, error });
        else if (at + count === bytes.length) resolve({ written: at + count });
        else next(at + count);
      });
    next(0);
  });
}
