import type { Feeder, Logger } from '@distributed-architecture/nestjs';
import { walk } from '../files/walk.js';
import { count, shortPath } from '../reporting/format.js';

const SHOWN_PROBLEMS = 3;
const LINE_LENGTH = 100;

/** Hands out the paths of all files under a folder, and tells what became of them. */
export class PathFeeder implements Feeder<string> {
  private paths: readonly string[] | undefined;
  private next = 0;
  private valid = 0;
  private readonly problems: string[] = [];

  constructor(
    private readonly folder: string,
    private readonly logger: Pick<Logger, 'log' | 'warn'>,
  ) {}

  async get(): Promise<string | undefined> {
    return (await this.getMany(1))[0];
  }

  /** Fewer calls than one for each path. */
  async getMany(max: number): Promise<readonly string[]> {
    this.paths ??= await pathsUnder(this.folder);
    const paths = this.paths.slice(this.next, this.next + max);
    this.next += paths.length;
    if (this.paths.length === 0) this.report();
    return paths;
  }

  /** Then the queue group ends, as soon as all that was handed out is answered. */
  ended(): boolean {
    return this.paths !== undefined && this.next >= this.paths.length;
  }

  /** What is left, so that the launcher can tell how long it will take. */
  size(): number | undefined {
    return this.paths && this.paths.length - this.next;
  }

  success(): void {
    this.valid++;
    this.reportAtEnd();
  }

  error(path: string, reason: Error): void {
    this.problems.push(`${shortPath(path, LINE_LENGTH)}: ${shortPath(reason.message, LINE_LENGTH)}`);
    this.reportAtEnd();
  }

  private reportAtEnd(): void {
    if (this.ended() && this.valid + this.problems.length === this.paths?.length) this.report();
  }

  private report(): void {
    const { valid, problems } = this;
    this.logger.log(`Checked ${count(valid + problems.length)} files: ${count(problems.length)} are not valid`);
    for (const problem of problems.toSorted().slice(0, SHOWN_PROBLEMS)) this.logger.warn(problem);
    if (problems.length > SHOWN_PROBLEMS) this.logger.warn(`... and ${count(problems.length - SHOWN_PROBLEMS)} more`);
  }
}

async function pathsUnder(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const path of walk(folder)) paths.push(path);
  return paths;
}
