import type { Benchmark } from '../harness/benchmark.js';
import { manyConsumers } from './many-consumers.js';
import { manyItems } from './many-items.js';
import { oneInFlight } from './one-in-flight.js';
import { sizes } from './sizes.js';
import { slowConsumers } from './slow-consumers.js';
import { tinyItems } from './tiny-items.js';
import { tls } from './tls.js';

/** What it costs to hand an item to a consumer and to get its answer. */
export const feed: Benchmark = {
  name: 'feed',
  title: 'items from a feeder to its consumers, and their answers',
  figures: [tinyItems, oneInFlight, tls, sizes, slowConsumers, manyItems, manyConsumers],
  packages: [
    '@distributed-architecture/core',
    '@distributed-architecture/queue',
    '@distributed-architecture/nestjs',
    '@nestjs/core',
    'zeromq',
    'bullmq',
    'ioredis',
  ],
};
