import { join } from 'node:path';

/** Where an incarnation of a feeder listens: a unix socket in a folder of the user alone. */
export function feederSocket(folder: string, id: number, incarnation: number): string {
  return join(folder, `feed-${id}.${incarnation}`);
}
