import type { Benchmark } from '../harness/benchmark.js';
import { events } from './events.js';
import { reload } from './reload.js';
import { socket } from './socket.js';
import { status } from './status.js';

/** What an operator waits for, and what the fleet notices of it. */
export const service: Benchmark = {
  name: 'service',
  title: 'to look at a fleet that runs, and to replace it',
  figures: [status, events, reload, socket],
  packages: [
    '@distributed-architecture/core',
    '@distributed-architecture/queue',
    '@distributed-architecture/nestjs',
    '@nestjs/core',
    'pm2',
    'bullmq',
  ],
};
