import { DistributedArchitectureError, ExitCode } from '../errors/distributed-architecture-error.js';

/** One thing that is wrong with a configuration. */
export interface ConfigProblem {
  /** The file as people write it: relative to the working directory when it lies below. Absent for a configuration given in code. */
  readonly file?: string;
  /** Line in the file, from 1. */
  readonly line?: number;
  /** Column in the line, from 1, in UTF-16 units. */
  readonly column?: number;
  /** The key, as in `groups.First Group.remote[0].hosts`; empty when the file as a whole is meant. */
  readonly path: string;
  /** What was found, what is allowed. Text that came from the environment is never in it. */
  readonly message: string;
}

const MAX_LINES = 100;

/** The configuration cannot be used. The message has one line for each problem (the first hundred), `problems` has them all. */
export class ConfigError extends DistributedArchitectureError {
  override readonly code = 'CONFIG_INVALID';
  override readonly exitCode = ExitCode.Config;

  constructor(readonly problems: readonly ConfigProblem[]) {
    super(describe(problems));
  }
}

/** `file:line:column path: message`, without what is not known. */
function formatProblem({ file, line, column, path, message }: ConfigProblem): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  if (place && path) return `${place} ${path}: ${message}`;
  return place || path ? `${place || path}: ${message}` : message;
}

function describe(problems: readonly ConfigProblem[]): string {
  const lines = problems.slice(0, MAX_LINES).map(formatProblem);
  if (problems.length > MAX_LINES) lines.push(`... and ${problems.length - MAX_LINES} more`);
  return lines.join('\n');
}
