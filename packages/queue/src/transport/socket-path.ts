import { closeSync, constants, openSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';

/** Longest path of a unix socket, in bytes: sun_path has 108 on Linux, 104 on macOS, the last is zero. */
export const LONGEST_SOCKET_PATH = 103;

/** A path by which the system reaches a socket. */
export interface SocketPath {
  readonly path: string;
  /** Lets go of what makes it reachable; for a listening socket not before it is closed, which removes the file. */
  close(): void;
}

/**
 * Makes a socket reachable whose path is longer than the system allows: on Linux through the descriptor of its folder.
 *
 * @throws the system's error when the folder cannot be opened
 */
export function socketPath(path: string): SocketPath {
  const whole = resolve(path);
  if (Buffer.byteLength(whole) <= LONGEST_SOCKET_PATH || process.platform !== 'linux')
    return { path: whole, close() {} };
  const folder = openSync(dirname(whole), constants.O_RDONLY | constants.O_DIRECTORY);
  let open = true;
  return {
    path: `/proc/self/fd/${folder}/${basename(whole)}`,
    close() {
      if (open) closeSync(folder);
      open = false;
    },
  };
}
