import { feed } from './feed/feed.js';
import type { Benchmark } from './harness/benchmark.js';
import { service } from './service/service.js';
import { ssh } from './ssh/ssh.js';
import { supervise } from './supervise/supervise.js';

/** Every benchmark that `npm run bench -- <name>` knows. */
export const BENCHMARKS: readonly Benchmark[] = [supervise, feed, ssh, service];
