import type { Benchmark } from '../harness/benchmark.js';
import { blockedLoop } from './blocked-loop.js';
import { idleMaster } from './idle-master.js';
import { idleProcesses } from './idle-processes.js';
import { logLines } from './log-lines.js';
import { manyRestarts } from './many-restarts.js';
import { masterMemory } from './master-memory.js';
import { nestReady } from './nest-ready.js';
import { restart } from './restart.js';
import { slaveMemory } from './slave-memory.js';
import { slowReader } from './slow-reader.js';
import { trivialPrograms } from './trivial-programs.js';

/** What supervising costs on one machine: start, stop, restart, output, memory, idling. */
export const supervise: Benchmark = {
  name: 'supervise',
  title: 'start, stop, restart, output and memory of processes on one machine',
  figures: [
    trivialPrograms,
    nestReady,
    slaveMemory,
    logLines(1),
    logLines(10),
    slowReader,
    masterMemory,
    idleMaster,
    restart,
    idleProcesses,
    manyRestarts,
    blockedLoop,
  ],
  packages: ['@distributed-architecture/core', 'pm2', '@nestjs/core', 'nest-commander'],
};
