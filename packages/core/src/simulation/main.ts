import { parseArgs } from 'node:util';
import { explore, report } from './explore.js';
import { OPERATION_KINDS } from './operations.js';
import { SABOTAGES } from './schedule.js';

const PROGRESS_MS = 2000;
const BAD_COMMAND_LINE = 64;

/** `npm run simulate -- --seed N --schedules M [--operations K] [--sabotage S]`: the number of the failing schedule, or that none fails. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      schedules: { type: 'string', default: '100000' },
      operations: { type: 'string' },
      sabotage: { type: 'string' },
    },
  });
  const [seed, schedules] = [Number(values.seed), Number(values.schedules)];
  if (!Number.isSafeInteger(seed) || !(schedules >= 1))
    throw new TypeError('--seed and --schedules take whole numbers');
  const failure = await explore({
    seed,
    schedules,
    operations: oneOf(OPERATION_KINDS, values.operations, '--operations'),
    sabotage: oneOf(SABOTAGES, values.sabotage, '--sabotage'),
    progress: meter(schedules),
  });
  console.log(
    failure === undefined ? `${schedules} schedules from seed ${seed}: no rule is broken` : await report(failure),
  );
  return failure === undefined ? 0 : 1;
}

function oneOf<T extends string>(choices: readonly T[], name: string | undefined, option: string): T | undefined {
  const known = choices.find((each) => each === name);
  if (name !== undefined && known === undefined) throw new TypeError(`${option} is one of ${choices.join(', ')}`);
  return known;
}

function meter(schedules: number): (done: number, steps: number) => void {
  const begun = performance.now();
  let [said, steps] = [begun, 0];
  return (done, more) => {
    steps += more;
    const now = performance.now();
    if (now - said < PROGRESS_MS && done < schedules) return;
    said = now;
    const seconds = (now - begun) / 1000;
    console.log(
      `${done} schedules, ${Math.round(done / seconds)} a second, ${Math.round(steps / seconds)} steps a second`,
    );
  };
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  console.error(error.message);
  process.exitCode = BAD_COMMAND_LINE;
}
