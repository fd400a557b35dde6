import { parseArgs } from 'node:util';
import type { Benchmark, Figure } from './benchmark.js';
import { UsageError } from './usage-error.js';

/** A command line that was understood. */
export interface Request {
  readonly benchmark: Benchmark;
  readonly figures: readonly Figure[];
  /** Undefined: what each figure says. */
  readonly rounds: number | undefined;
  readonly json: boolean;
}

const OPTIONS = {
  rounds: { type: 'string' },
  only: { type: 'string', multiple: true },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** Throws UsageError for what it does not know. Undefined: help was asked for. */
export function readRequest(argv: readonly string[], benchmarks: readonly Benchmark[]): Request | undefined {
  const { values, positionals } = parse(argv, benchmarks);
  if (values.help) return undefined;
  if (positionals.length !== 1) throw new UsageError('Name one benchmark', usage(benchmarks));
  const benchmark = benchmarks.find(({ name }) => name === positionals[0]);
  if (!benchmark) throw new UsageError(`Unknown benchmark ${positionals[0]}`, usage(benchmarks));
  const figures = values.only ? pickFigures(benchmark, values.only) : benchmark.figures;
  return { benchmark, figures, rounds: readRounds(values.rounds, benchmarks), json: values.json };
}

/** The list of everything that can be asked for. */
export function usage(benchmarks: readonly Benchmark[]): string {
  const lines = ['npm run bench -- <benchmark> [--rounds N] [--only <figure>]... [--json]', ''];
  for (const { name, title, figures } of benchmarks) {
    lines.push(`${name}: ${title}`, ...figures.map((figure) => `  ${figure.name.padEnd(20)}${figure.title}`));
  }
  return lines.join('\n');
}

function parse(argv: readonly string[], benchmarks: readonly Benchmark[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message, usage(benchmarks));
  }
}

function pickFigures(benchmark: Benchmark, names: readonly string[]): Figure[] {
  return names.map((name) => {
    const figure = benchmark.figures.find((candidate) => candidate.name === name);
    if (!figure) throw new UsageError(`${benchmark.name} has no figure ${name}`, usage([benchmark]));
    return figure;
  });
}

function readRounds(text: string | undefined, benchmarks: readonly Benchmark[]): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new UsageError(`--rounds is a number from 1 on, not ${text}`, usage(benchmarks));
  return Number(text);
}
