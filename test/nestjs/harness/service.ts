import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { endMarkedProcesses, markedProcesses, type FoundProcess } from '../../setup/marked-processes.js';
import { runToEnd, type ProgramResult } from '../../setup/run-to-end.js';
import { repository, temporaryFolder, writeTree } from '../../setup/temporary-folder.js';
import { eventually, isAlive } from '../../support/processes.js';

const FIXTURES = join(repository, 'test/dist/nestjs/fixtures');
const MARK = 'DISTRIBUTED_ARCHITECTURE_TEST_SERVICE';
const DEADLINE_MS = 100_000;

/** root has to say whom a service runs as. */
export const AS_MYSELF: readonly string[] = process.getuid?.() === 0 ? ['--user', 'root'] : [];

export interface ServiceHostOptions {
  /** Name of the fixture. */
  readonly main?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Default: a new one. */
  readonly folder?: string;
}

/**
 * A folder in which a fleet may run as a service. When the test ends the service is stopped, and nothing of it may be
 * left.
 */
export class ServiceHost {
  readonly #mark = `${MARK}=${randomUUID()}`;

  private constructor(
    readonly folder: string,
    private readonly options: ServiceHostOptions,
  ) {}

  static async make(yaml: object, options: ServiceHostOptions = {}): Promise<ServiceHost> {
    const host = new ServiceHost(options.folder ?? (await temporaryFolder()), options);
    await host.configure(yaml);
    onTestFinished(() => host.#leaveNothing());
    return host;
  }

  async configure(yaml: object): Promise<void> {
    await writeTree(this.folder, {
      'fleet.yaml': JSON.stringify({ distributed_architecture: { name: 'my-app', ...yaml } }),
    });
  }

  /** Runs `run-master` with these arguments to its end: with `--service` until the service runs. */
  runMaster(...args: string[]): Promise<ProgramResult> {
    return this.runCommand('run-master', ...args);
  }

  runCommand(...args: string[]): Promise<ProgramResult> {
    return runToEnd(process.execPath, [this.program, ...args], {
      cwd: this.folder,
      env: this.env,
      deadlineMs: DEADLINE_MS,
    });
  }

  /** Starts the service as whoever runs the tests. @returns its pid */
  async start(...args: string[]): Promise<number> {
    const { code, stdout, stderr } = await this.runMaster('--service', ...AS_MYSELF, ...args);
    if (code !== 0) throw new Error(`The service does not run (${code}):\n${stdout}${stderr}`);
    return Number(/runs as a service, pid (\d+)/u.exec(stdout)?.[1]);
  }

  get program(): string {
    return join(FIXTURES, `${this.options.main ?? 'main'}.js`);
  }

  get env(): Record<string, string> {
    return {
      DISTRIBUTED_ARCHITECTURE_CONFIG: join(this.folder, 'fleet.yaml'),
      NODE_DISABLE_COMPILE_CACHE: '1',
      [MARK]: this.#mark.slice(MARK.length + 1),
      ...this.options.env,
    };
  }

  path(name: string): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    return path;
  }

  /** '' where there is none. */
  read(name = 'var/my-app.log'): string {
    const path = join(this.folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  /** The master that has written the pid file. */
  get pid(): number {
    return Number(this.read('var/my-app.pid').split('\n')[0]);
  }

  async says(text: string, name?: string): Promise<void> {
    try {
      await eventually(`the log says "${text}"`, () => this.read(name).includes(text));
    } catch (error) {
      throw new Error(`${(error as Error).message}:\n${this.read(name)}`, { cause: error });
    }
  }

  async appears(name: string): Promise<void> {
    await eventually(`${name} is there`, () => existsSync(join(this.folder, name)));
  }

  async ends(pid: number): Promise<void> {
    await eventually(`process ${pid} has ended`, () => !isAlive(pid));
  }

  /** All that runs of it. */
  get processes(): FoundProcess[] {
    return markedProcesses(this.#mark);
  }

  async #leaveNothing(): Promise<void> {
    const { pid } = this;
    // The file may name whomever a test has written there.
    if (this.processes.some((each) => each.pid === pid)) {
      process.kill(pid, 'SIGTERM');
      await this.ends(pid).catch(() => {});
    }
    const left = await endMarkedProcesses(this.#mark);
    if (left.length > 0)
      throw new Error(`Left behind:\n${left.map(({ command }) => command).join('\n')}\n${this.read()}`);
  }
}

/** A group of one process each. */
export function groups(commands: Readonly<Record<string, string>>, more: object = {}): object {
  const entries = Object.entries(commands).map(([name, command]) => [
    name,
    { command, local: { instances_count: 1 }, ...more },
  ]);
  return { groups: Object.fromEntries(entries) };
}
