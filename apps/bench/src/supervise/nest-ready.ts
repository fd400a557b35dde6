import type { Contender, Figure, Sample } from '../harness/benchmark.js';
import type { Scope } from '../harness/scope.js';
import { Stopwatch } from '../harness/stopwatch.js';
import { FIXTURES, READY } from '../fixtures/paths.js';
import { Fleet } from '../peers/fleet.js';
import { spawnLoop } from '../peers/spawn-loop.js';
import { slaveGroup } from './slave-group.js';

const COUNT = 50;

const slaves: Contender = { name: 'slaves', open: async () => measureSlaves };
const commander: Contender = { name: 'nest-commander', open: async () => measureCommander };

async function measureSlaves(round: Scope): Promise<Sample> {
  const start = new Stopwatch();
  await Fleet.start(round, slaveGroup(COUNT), READY);
  return { readyMs: start.ms() };
}

async function measureCommander(round: Scope): Promise<Sample> {
  const start = new Stopwatch();
  await spawnLoop(round, FIXTURES.commanderApplication, COUNT, READY);
  return { readyMs: start.ms() };
}

export const nestReady: Figure = {
  name: 'nest-ready',
  title: `${COUNT} Nest slaves ready, against as many plain nest-commander applications`,
  rounds: 3,
  contenders: [slaves, commander],
  metrics: [{ key: 'readyMs', label: `${COUNT} applications ready`, unit: 'ms' }],
  comparisons: [
    { metric: 'readyMs', contender: 'slaves', measure: 'ratio', against: 'nest-commander', aim: { atMost: 0.75 } },
  ],
};
