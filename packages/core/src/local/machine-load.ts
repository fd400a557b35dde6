import { availableParallelism, loadavg } from 'node:os';
import type { HostLoad } from '../process/host-load.js';

const MB = 1_048_576;

/** How busy this machine is now. */
export function machineLoad(): Required<HostLoad> {
  return {
    load: loadavg()[0]!,
    processors: availableParallelism(),
    freeMemory: Math.round(process.availableMemory() / MB),
  };
}
