import { drawSchedule, type Sabotage, type Schedule } from './schedule.js';
import { shrink } from './shrink.js';
import { simulate, type Verdict } from './simulation.js';

/** Schedule so many of a seed; the first has number 0. It is drawn from `seed + number`. */
export interface Failure {
  readonly seed: number;
  readonly number: number;
  readonly schedule: Schedule;
  readonly verdict: Verdict;
}

export interface Exploration {
  readonly seed: number;
  readonly schedules: number;
  readonly sabotage?: Sabotage;
  /** Called after each schedule. */
  readonly progress?: (done: number, steps: number) => void;
}

/** Runs schedule after schedule, up to the first that breaks a rule. */
export async function explore({ seed, schedules, sabotage, progress }: Exploration): Promise<Failure | undefined> {
  const { stackTraceLimit } = Error;
  // Errors are part of the run, and their stacks a large part of its time.
  Error.stackTraceLimit = 0;
  try {
    return await exploreAll({ seed, schedules, sabotage, progress });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

async function exploreAll({ seed, schedules, sabotage, progress }: Exploration): Promise<Failure | undefined> {
  for (let number = 0; number < schedules; number++) {
    const schedule = drawSchedule(seed + number, sabotage);
    const verdict = await simulate(schedule);
    if (verdict.violation !== undefined) return { seed: seed + number, number, schedule, verdict };
    progress?.(number + 1, verdict.steps);
  }
  return undefined;
}

/** What a person needs to understand and repeat a failure. */
export async function report({ seed, number, schedule, verdict }: Failure): Promise<string> {
  const { rule, detail } = verdict.violation!;
  const smallest = await shrink(schedule, rule);
  const { trace } = await simulate(smallest, true);
  const option = schedule.sabotage === undefined ? '' : ` --sabotage ${schedule.sabotage}`;
  return [
    `Schedule ${number} (seed ${seed}) breaks the rule ${rule}: ${detail}`,
    `Again: npm run simulate -- --feed --seed ${seed} --schedules 1${option}`,
    '',
    'The smallest schedule that breaks it:',
    JSON.stringify(smallest, undefined, 2),
    '',
    'What happens in it (milliseconds):',
    ...trace,
  ].join('\n');
}
