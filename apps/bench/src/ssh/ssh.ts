import type { Benchmark } from '../harness/benchmark.js';
import { oneHost, twentyHosts } from './connecting.js';
import { lostConnection } from './lost-connection.js';
import { manyHosts } from './many-hosts.js';
import { remoteLines } from './remote-lines.js';

/** What other hosts cost: to reach them, to hear what they say, to have very many of them. */
export const ssh: Benchmark = {
  name: 'ssh',
  title: 'processes on other hosts',
  figures: [oneHost, twentyHosts, remoteLines, lostConnection, manyHosts],
  packages: ['@distributed-architecture/core', 'ssh2'],
};
