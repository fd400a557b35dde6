import { drawSchedule, type Schedule, type Wishes } from './schedule.js';
import { shrink } from './shrink.js';
import { simulate, type Verdict } from './simulation.js';

/** Schedule so many of a seed; the first has number 0. It is drawn from `seed + number`. */
export interface Failure {
  readonly seed: number;
  readonly number: number;
  readonly schedule: Schedule;
  readonly verdict: Verdict;
  readonly wishes: Wishes;
}

export interface Exploration extends Wishes {
  readonly seed: number;
  readonly schedules: number;
  /** Called after each schedule. */
  readonly progress?: (done: number, steps: number) => void;
}

/** Runs schedule after schedule, up to the first that breaks a rule. */
export async function explore({ seed, schedules, progress, ...wishes }: Exploration): Promise<Failure | undefined> {
  for (let number = 0; number < schedules; number++) {
    const schedule = drawSchedule(seed + number, wishes);
    const verdict = await simulate(schedule);
    if (verdict.violation !== undefined) return { seed: seed + number, number, schedule, verdict, wishes };
    progress?.(number + 1, verdict.steps);
  }
  return undefined;
}

/** What a person needs to understand and repeat a failure. */
export async function report({ seed, number, schedule, verdict, wishes }: Failure): Promise<string> {
  const { rule, detail } = verdict.violation!;
  const smallest = await shrink(schedule, rule);
  const { trace } = await simulate(smallest, true);
  const options = Object.entries(wishes).map(([name, wish]) => (wish === undefined ? '' : ` --${name} ${wish}`));
  return [
    `Schedule ${number} (seed ${seed}) breaks the rule ${rule}: ${detail}`,
    `Again: npm run simulate -- --seed ${seed} --schedules 1${options.join('')}`,
    '',
    'The smallest schedule that breaks it:',
    JSON.stringify(smallest, undefined, 2),
    '',
    'What happens in it (milliseconds):',
    ...trace,
  ].join('\n');
}
