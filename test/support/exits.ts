import type { ProcessExit } from '@distributed-architecture/core';
import type { Fleet } from './fleet.js';

/** How the incarnations of a fleet have ended, in the order in which that was told; to be called before they start. */
export function exitsOf({ launcher }: Fleet): ProcessExit[] {
  const exits: ProcessExit[] = [];
  launcher.on('process_stopped', ({ exit }) => exits.push(exit));
  return exits;
}
