import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { programEnv } from '../../setup/run-to-end.js';
import { repository, temporaryFolder } from '../../setup/temporary-folder.js';

const FIXTURES = join(repository, 'test/dist/nestjs/fixtures');
const DEADLINE_MS = 40_000;

export interface ProgramOptions {
  /** Text of the configuration file; without it there is none. */
  readonly yaml?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
}

/** A fixture application that runs in a folder of its own. */
export class Program {
  #output = '';
  #stdout = '';
  readonly #waiting = new Set<() => void>();

  /** stdout and stderr together. */
  get output(): string {
    return this.#output;
  }

  get stdout(): string {
    return this.#stdout;
  }

  get lines(): string[] {
    return this.#output.split('\n');
  }

  /** Resolves with the exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;

  private constructor(
    private readonly child: ChildProcess,
    readonly folder: string,
  ) {
    child.stdout!.on('data', (text: string) => (this.#stdout += text));
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => this.#receive(text));
    }
    this.ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal!)));
  }

  static async start(main: string, args: readonly string[], options: ProgramOptions = {}): Promise<Program> {
    const folder = await temporaryFolder(options.yaml === undefined ? {} : { 'fleet.yaml': options.yaml });
    const config = join(folder, 'fleet.yaml');
    const env = programEnv({ DISTRIBUTED_ARCHITECTURE_CONFIG: config, ...options.env });
    const argv = [...(options.nodeOptions ?? []), join(FIXTURES, `${main}.js`), ...args];
    const child = spawn(process.execPath, argv, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const deadline = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
    child.once('close', () => clearTimeout(deadline));
    onTestFinished(() => void child.kill('SIGKILL'));
    return new Program(child, folder);
  }

  /** Runs a fixture to its end. */
  static async run(main: string, args: readonly string[], options?: ProgramOptions) {
    const program = await Program.start(main, args, options);
    const exitCode = await program.ended;
    const { output, stdout, lines, folder } = program;
    return { exitCode, output, stdout, lines, folder };
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Waits until the output holds `text`. */
  async says(text: string): Promise<void> {
    const found = new Promise<void>((resolve) => {
      const look = (): void => {
        if (!this.#output.includes(text)) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
    const ended = this.ended.then((end) => {
      if (!this.#output.includes(text)) throw new Error(`Ended by ${end} without saying "${text}":\n${this.#output}`);
    });
    await Promise.race([found, ended]);
  }

  #receive(text: string): void {
    this.#output += text;
    for (const look of Array.from(this.#waiting)) look();
  }
}

/** The YAML of a configuration whose groups have one process each unless they say more. */
export function fleet(groups: Readonly<Record<string, object>>): string {
  const entries = Object.entries(groups).map(([name, group]) => [name, { local: { instances_count: 1 }, ...group }]);
  return JSON.stringify({ distributed_architecture: { groups: Object.fromEntries(entries) } });
}

/** The YAML of a configuration whose queue groups have one consumer each unless they say more. */
export function queueFleet(
  queues: Readonly<Record<string, object>>,
  groups: Readonly<Record<string, object>> = {},
): string {
  const one = { local_feeder: {}, consumers: { local: { instances_count: 1 } } };
  const entries = Object.entries(queues).map(([name, queue]) => [name, { ...one, ...queue }]);
  const config = { groups, queue_groups: Object.fromEntries(entries) };
  return JSON.stringify({ distributed_architecture: config });
}
