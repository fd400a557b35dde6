import type { Contender, Figure, Sample } from '../harness/benchmark.js';
import { MeasuredProgram } from '../harness/measured-program.js';
import type { Scope } from '../harness/scope.js';
import { SSH_FIXTURES } from './fixtures/paths.js';

const HOSTS = 1000;
const PROCESSES = 20;
const WINDOW_S = 20;

const master: Contender = { name: 'master', open: async () => measure };

async function measure(round: Scope): Promise<Sample> {
  const args = [HOSTS, PROCESSES, WINDOW_S].map(String);
  const program = await MeasuredProgram.start(round, SSH_FIXTURES.manyHostsMaster, { args });
  const sample = await program.result();
  await program.ended();
  return sample;
}

/** `wrong`: processes that were not seen within the last two seconds, and the exit code. */
export const manyHosts: Figure = {
  name: 'many-hosts',
  title: `a master with ${HOSTS.toLocaleString('en-US')} hosts and ${PROCESSES} processes on each, half of which wait for the other half; agents are played`,
  rounds: 3,
  contenders: [master],
  metrics: [
    { key: 'startMs', label: 'all run', unit: 'ms' },
    { key: 'cpuPercent', label: `CPU over ${WINDOW_S} s`, unit: '% of a core', digits: 1 },
    { key: 'rssPerProcessKb', label: 'RSS for each process', unit: 'kB', digits: 1 },
    { key: 'stopMs', label: 'all stopped', unit: 'ms' },
    { key: 'wrong', label: 'processes unseen for 2 s', unit: 'processes' },
  ],
  comparisons: [
    { metric: 'startMs', contender: 'master', measure: 'value', aim: { atMost: 5000 } },
    { metric: 'cpuPercent', contender: 'master', measure: 'value', aim: { atMost: 20 } },
    { metric: 'rssPerProcessKb', contender: 'master', measure: 'worst', aim: { atMost: 50 } },
    { metric: 'stopMs', contender: 'master', measure: 'value', aim: { atMost: 5000 } },
    { metric: 'wrong', contender: 'master', measure: 'worst', aim: { atMost: 0 } },
  ],
};
