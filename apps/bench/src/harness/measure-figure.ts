import type { Contender, Figure, FigureResult, MeasureRound, Sample } from './benchmark.js';
import type { Scope } from './scope.js';

interface Opened {
  readonly contender: Contender;
  readonly measure: MeasureRound;
  readonly samples: Sample[];
}

/** Told of every sample as it comes. */
export type Progress = (figure: Figure, round: number, rounds: number, contender: string, sample: Sample) => void;

/**
 * Measures the contenders in turns (A B C, A B C, ...), so that a machine that grows slower or faster meanwhile does so
 * for all of them alike.
 */
export async function measureFigure(
  figure: Figure,
  rounds: number,
  parent: Scope,
  progress: Progress,
): Promise<FigureResult> {
  const scope = await parent.child();
  try {
    const opened = await openAll(figure.contenders, scope);
    for (let round = 1; round <= rounds; round++) {
      for (const { contender, measure, samples } of opened) {
        const sample = await attempt(contender, () => inOwnScope(measure, scope));
        samples.push(sample);
        progress(figure, round, rounds, contender.name, sample);
      }
    }
    return { figure, rounds, samples: new Map(opened.map(({ contender, samples }) => [contender.name, samples])) };
  } finally {
    await scope.close();
  }
}

async function openAll(contenders: readonly Contender[], scope: Scope): Promise<Opened[]> {
  const opened: Opened[] = [];
  for (const contender of contenders) opened.push({ contender, measure: await contender.open(scope), samples: [] });
  return opened;
}

async function attempt({ name, attempts = 1 }: Contender, measure: () => Promise<Sample>): Promise<Sample> {
  for (let left = attempts - 1; ; left--) {
    try {
      return await measure();
    } catch (error) {
      if (left <= 0) throw error;
      console.error(`${name} failed and is measured again: ${String(error)}`);
    }
  }
}

async function inOwnScope(measure: MeasureRound, parent: Scope): Promise<Sample> {
  const scope = await parent.child();
  try {
    return await measure(scope);
  } finally {
    await scope.close();
  }
}
