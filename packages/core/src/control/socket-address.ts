import { closeSync, constants, openSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** `sun_path` of unix(7) has 108 bytes with the zero behind it, 104 on other systems. */
const LONGEST = process.platform === 'linux' ? 107 : 103;

/** Where the socket of a run is. */
export function controlSocket(runFolder: string): string {
  return join(runFolder, 'control.sock');
}

/** A path by which the system takes a socket. */
export interface SocketAddress {
  readonly path: string;
  /** Lets go of what makes it reachable; for a server not before it is closed, which removes the file. */
  close(): void;
}

/**
 * Makes a socket reachable whose path is longer than the system takes: on Linux through the descriptor of its folder.
 *
 * @throws the system's error when the folder cannot be opened
 */
export function socketAddress(path: string): SocketAddress {
  const whole = resolve(path);
  if (Buffer.byteLength(whole) <= LONGEST || process.platform !== 'linux') return { path: whole, close() {} };
  let folder: number | undefined = openSync(dirname(whole), constants.O_RDONLY | constants.O_DIRECTORY);
  return {
    path: `/proc/self/fd/${folder}/${basename(whole)}`,
    close() {
      if (folder !== undefined) closeSync(folder);
      folder = undefined;
    },
  };
}
