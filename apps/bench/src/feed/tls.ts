import type { Contender, Figure, Sample } from '../harness/benchmark.js';
import type { Scope } from '../harness/scope.js';
import type { Phase } from './feed-plan.js';
import { FEED_FIXTURES } from './fixtures/paths.js';
import { MeasuredProgram } from '../harness/measured-program.js';
import { withoutFailures } from './nest-feed.js';

const PHASES: readonly Phase[] = [{ items: 1_500_000 }, { items: 300_000, bytes: 1000 }];

function contender(name: string, transport: 'unix' | 'tls'): Contender {
  return { name, open: async () => (round) => measure(round, transport) };
}

async function measure(round: Scope, transport: 'unix' | 'tls'): Promise<Sample> {
  const args = [transport, await round.folder(), JSON.stringify(PHASES)];
  const program = await MeasuredProgram.start(round, FEED_FIXTURES.feederProgram, { args });
  const tiny = withoutFailures(await program.result());
  const small = withoutFailures(await program.result());
  await program.ended();
  return { tinyPerSecond: tiny.itemsPerSecond!, smallPerSecond: small.itemsPerSecond! };
}

/** Without Nest and a launcher, which feeders on one machine would not give a TCP port to. */
export const tls: Figure = {
  name: 'tls',
  title: 'TLS with a pre-shared key on loopback, against the unix socket; a feeder and a consumer without a launcher',
  rounds: 5,
  contenders: [contender('unix socket', 'unix'), contender('tls-psk', 'tls')],
  metrics: [
    { key: 'tinyPerSecond', label: 'tiny items', unit: 'items/s' },
    { key: 'smallPerSecond', label: 'items of 1 kB', unit: 'items/s' },
  ],
  comparisons: [
    { metric: 'tinyPerSecond', contender: 'tls-psk', measure: 'ratio', against: 'unix socket', aim: { atLeast: 0.85 } },
    { metric: 'smallPerSecond', contender: 'tls-psk', measure: 'ratio', against: 'unix socket', aim: { atLeast: 0.5 } },
  ],
};
