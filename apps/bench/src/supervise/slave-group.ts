import type { GroupOptions } from '@distributed-architecture/core';
import { FIXTURES } from '../fixtures/paths.js';

/** A group of Nest slaves that say `ready` and idle. */
export function slaveGroup(count: number): GroupOptions {
  return {
    name: 'Idle',
    command: 'bench:idle',
    console: FIXTURES.slaveApplication,
    local: { instancesCount: count },
  };
}
