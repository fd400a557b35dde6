/**
 * Test files that wait for timeouts, leases and delays for most of their time: of these more run at a time than there
 * are processors. The others are busy, and would only disturb each other.
 */
const WAITING_FILES = [
  'test/core/ages.test.ts',
  'test/core/agent-contract-limits.test.ts',
  'test/core/agent-contract-misbehaving.test.ts',
  'test/core/agent-contract-stop.test.ts',
  'test/core/agent-loss.test.ts',
  'test/core/agent-queue.test.ts',
  'test/core/agent.test.ts',
  'test/core/bounds.test.ts',
  'test/core/lease.test.ts',
  'test/core/listeners.test.ts',
  'test/core/memory.test.ts',
  'test/core/misbehaving-stops.test.ts',
  'test/core/orphans.test.ts',
  'test/core/readiness.test.ts',
  'test/core/spawn-problems.test.ts',
  'test/core/ssh-attack.test.ts',
  'test/core/stats.test.ts',
  'test/core/stop.test.ts',
  'test/core/timeouts.test.ts',
  'test/nestjs/hanging.test.ts',
  'test/nestjs/host-events.test.ts',
  'test/nestjs/readiness.test.ts',
  'test/queue/item-timeout.test.ts',
  'test/queue/port-in-use.test.ts',
  'test/remote/bad-hosts.test.ts',
  'test/remote/cuts.test.ts',
  'test/remote/freezes.test.ts',
  'test/remote/hosts.test.ts',
  'test/remote/kills.test.ts',
  'test/remote/queues.test.ts',
  'test/remote/sabotage.test.ts',
  'test/remote/scenarios.test.ts',
  'test/remote/second-master.test.ts',
  'test/remote/supervision.test.ts',
  'test/core/agent-changes.test.ts',
  'test/core/metrics.test.ts',
  'test/nestjs/service-log.test.ts',
  'test/nestjs/service-root.test.ts',
  'test/nestjs/service.test.ts',
  'test/docs/service-guide.test.ts',
  'test/service/hosts.test.ts',
];

/** Neither tests nor what is built of them. */
const NO_TESTS = ['**/node_modules/**', '**/dist/**'];

const ALL = ['test/**/*.test.ts'];

/** Which process tests are run, and how many files at a time: all of them unless a pool is named. */
const POOLS = {
  waiting: { include: WAITING_FILES, exclude: NO_TESTS, maxWorkers: 7 },
  // Of three files one waits for something most of the time.
  busy: { include: ALL, exclude: [...NO_TESTS, ...WAITING_FILES], maxWorkers: 3 },
  all: { include: ALL, exclude: NO_TESTS, maxWorkers: 2 },
};

export function poolOf(name = 'all') {
  const pool = POOLS[name];
  if (pool === undefined) throw new Error(`There is no pool ${name} of tests, but ${Object.keys(POOLS).join(', ')}`);
  return pool;
}
