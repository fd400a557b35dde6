import { ConfigError, type ConfigProblem } from '../config-error.js';
import type { Position } from './config-node.js';

/** Enough for any honest mistake; a bound for files that are none. */
const MAX_PROBLEMS = 1000;

/** Collects what is wrong, so that all of it is reported at once. */
export class ProblemList {
  readonly #problems: ConfigProblem[] = [];

  /** @param file as it is shown to people; absent for a configuration given in code */
  constructor(readonly file?: string) {}

  get isEmpty(): boolean {
    return this.#problems.length === 0;
  }

  add(path: string, message: string, at?: Position): void {
    if (this.#problems.length >= MAX_PROBLEMS || this.#known(path, message, at)) return;
    this.#problems.push({ ...(this.file !== undefined && { file: this.file }), ...at, path, message });
  }

  /** @throws ConfigError when there is any problem; in the order of the file */
  throwIfAny(): void {
    if (this.#problems.length > 0) throw new ConfigError(this.#problems.toSorted(byPosition));
  }

  #known(path: string, message: string, at?: Position): boolean {
    const same = (problem: ConfigProblem) =>
      problem.path === path &&
      problem.message === message &&
      problem.line === at?.line &&
      problem.column === at?.column;
    return this.#problems.some(same);
  }
}

function byPosition(a: ConfigProblem, b: ConfigProblem): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}
