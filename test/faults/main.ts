import { parseArgs } from 'node:util';
import { runFeedRounds } from './feed/run-rounds.js';
import { Round } from './round.js';
import { runMany } from './service/run-many.js';
import { runOperations } from './service/run-operations.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    rounds: { type: 'string', default: '10' },
    lives: { type: 'string', default: '3' },
    'no-cgroups': { type: 'boolean', default: false },
    feed: { type: 'boolean', default: false },
    items: { type: 'string', default: '100000' },
    service: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '60' },
    kills: { type: 'boolean', default: false },
    processes: { type: 'string' },
  },
});
const first = Number(values.seed);
let bad = 0;
let rounds = 0;
let isOver = false;
// A round that is begun is ended: nothing is left behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => (isOver = true));
if (values.feed) {
  const plan = { seed: first, rounds: Number(values.rounds), items: Number(values.items), isOver: () => isOver };
  bad = await runFeedRounds(plan);
} else if (values.service && values.processes !== undefined) {
  bad = await runMany(Number(values.processes));
} else if (values.service) {
  const { kills, seconds } = values;
  bad = await runOperations({
    seed: first,
    rounds: Number(values.rounds),
    seconds: Number(seconds),
    kills,
    isOver: () => isOver,
  });
} else {
  for (let seed = first; !isOver && seed < first + Number(values.rounds); seed++) {
    rounds++;
    const options = { seed, lives: Number(values.lives), withCgroups: !values['no-cgroups'] };
    const flaws = await new Round(options).run();
    if (flaws.length === 0) continue;
    bad++;
    process.stdout.write(`seed ${seed}:\n  ${flaws.join('\n  ')}\n`);
  }
  process.stdout.write(`${rounds} rounds from seed ${first}: ${bad} with flaws\n`);
}
process.exitCode = bad === 0 ? 0 : 1;
