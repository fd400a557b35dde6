import { readRequest, usage, type Request } from './arguments.js';
import type { Benchmark, Figure, FigureResult, Sample } from './benchmark.js';
import { untilSignal } from './interruption.js';
import { describeMachine } from './machine.js';
import { measureFigure } from './measure-figure.js';
import { renderTable } from './report-table.js';
import { buildReport, type Report } from './report.js';
import { Scope } from './scope.js';
import { UsageError } from './usage-error.js';

const EXIT_MISSED = 1;
const EXIT_USAGE = 64;

/** Runs what the command line asks for and returns the exit code: 0, 1 after a missed aim, 64, or 128 + signal. */
export async function runCommandLine(argv: readonly string[], benchmarks: readonly Benchmark[]): Promise<number> {
  try {
    const request = readRequest(argv, benchmarks);
    if (request) return await runRequest(request);
    console.log(usage(benchmarks));
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${error.usage}`);
    return EXIT_USAGE;
  }
}

async function runRequest(request: Request): Promise<number> {
  const scope = new Scope();
  const outcome = await untilSignal(scope, () => measureAll(request, scope));
  if (outcome.signal !== undefined) return 128 + outcome.signal;
  const report = outcome.value;
  console.log(request.json ? JSON.stringify(report, null, 2) : renderTable(report, request.figures));
  return report.met ? 0 : EXIT_MISSED;
}

async function measureAll({ benchmark, figures, rounds }: Request, scope: Scope): Promise<Report> {
  const date = new Date();
  // Masters leave the last lock of their fleet there.
  process.env.XDG_RUNTIME_DIR = await scope.folder();
  const results: FigureResult[] = [];
  for (const figure of figures) {
    results.push(await measureFigure(figure, rounds ?? figure.rounds, scope, showProgress));
  }
  const seconds = (Date.now() - date.getTime()) / 1000;
  return buildReport(results, { benchmark, machine: describeMachine(benchmark.packages), date, seconds });
}

/** To stderr, so that stdout holds the report alone. */
function showProgress(figure: Figure, round: number, rounds: number, contender: string, sample: Sample): void {
  const values = figure.metrics.map(({ key, unit, digits = 0 }) => `${key} ${sample[key]?.toFixed(digits)} ${unit}`);
  console.error(`${figure.name} ${round}/${rounds} ${contender}: ${values.join(', ')}`);
}
