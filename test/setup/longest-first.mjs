import { BaseSequencer } from 'vitest/node';

/**
 * The files that take longest, the longest first: begun last, one of them would keep one processor busy while the others
 * have nothing left to do. Nothing else depends on the list.
 */
const LONGEST = [
  'test/core/agent-contract-limits.test.ts',
  'test/core/agent-contract-misbehaving.test.ts',
  'test/docs/tutorial.test.ts',
  'test/cli/nest-start-stop.test.ts',
  'test/packaging/typescript.test.ts',
  'test/example/example.test.ts',
  'test/nestjs/readiness.test.ts',
  'test/nestjs/queue.test.ts',
  'test/core/agent.test.ts',
  'test/core/agent-contract-stop.test.ts',
  'test/core/orphans.test.ts',
  'test/nestjs/run-master.test.ts',
  'test/core/agent-contract-output.test.ts',
  'test/core/stats.test.ts',
  'test/nestjs/command-line.test.ts',
  'test/queue/faults.test.ts',
  'test/core/memory.test.ts',
  'packages/core/src/simulation/simulation.spec.ts',
  'packages/queue/src/simulation/simulation.spec.ts',
];

/** Runs the files that take longest first, the others in the order that vitest would have chosen. */
export default class LongestFirst extends BaseSequencer {
  async sort(specifications) {
    const sorted = await super.sort(specifications);
    const rank = ({ moduleId }) => {
      const index = LONGEST.findIndex((file) => moduleId.endsWith(file));
      return index === -1 ? LONGEST.length : index;
    };
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}
