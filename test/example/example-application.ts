import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = join(ROOT, 'apps/run-master/dist/main.js');
const CONFIG = join(ROOT, 'config/distributed_architecture.yaml');

export interface Outcome {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** The last row of the first table. */
export interface ShownTotals {
  files: number;
  lines: number;
  words: number;
}

export interface CountedFile {
  path: string;
  kind: string;
  bytes: number;
  lines: number;
  words: number;
  sha256: string;
}

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'example-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The built example, with the project's own configuration and a working folder and store of its own. */
export class ExampleApplication {
  private constructor(
    readonly workingFolder: string,
    private readonly folder: string,
    private readonly instances: number,
  ) {}

  static async counting(folder: string, { instances = 2 } = {}): Promise<ExampleApplication> {
    return new ExampleApplication(await temporaryFolder(), folder, instances);
  }

  get databasePath(): string {
    return join(this.workingFolder, 'var/files.sqlite');
  }

  run(): Promise<Outcome> {
    return this.start().outcome;
  }

  start(): RunningExample {
    const args = [MAIN, 'run-master', '--config-file', CONFIG];
    const env = { ...process.env, EXAMPLE_FOLDER: this.folder, EXAMPLE_INSTANCES: String(this.instances) };
    return new RunningExample(spawn(process.execPath, args, { cwd: this.workingFolder, env, stdio: 'pipe' }));
  }

  /** All files that the store knows. */
  countedFiles(): CountedFile[] {
    const database = new DatabaseSync(this.databasePath, { readOnly: true });
    try {
      const rows = database.prepare('SELECT path, kind, bytes, lines, words, sha256 FROM files ORDER BY path').all();
      return rows as unknown as CountedFile[];
    } finally {
      database.close();
    }
  }
}

/** A run whose output can be waited for. */
export class RunningExample {
  readonly outcome: Promise<Outcome>;
  private stdout = '';
  private stderr = '';

  constructor(readonly child: ChildProcess) {
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.outcome = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolve({ code, signal, stdout: this.stdout, stderr: this.stderr }));
    });
    onTestFinished(async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await this.outcome;
    });
  }

  /** Resolves when the output matches; rejects when the run ends without it. */
  async said(pattern: RegExp): Promise<void> {
    if (pattern.test(this.stdout)) return;
    await new Promise<void>((resolve, reject) => {
      this.child.stdout!.on('data', () => pattern.test(this.stdout) && resolve());
      this.child.on('close', () => reject(new Error(`Ended without ${pattern}:\n${this.stdout}${this.stderr}`)));
    });
  }
}

export function shownTotals(stdout: string): ShownTotals {
  const row = /│ all +│ +([\d,]+) │ +([\d,]+) │ +([\d,]+) │/.exec(stdout);
  if (!row) throw new Error(`No table with a row of totals:\n${stdout}`);
  const [files, lines, words] = row.slice(1).map((figure) => Number(figure.replaceAll(',', '')));
  return { files: files!, lines: lines!, words: words! };
}

/** What the feeder of "Check files" says at its end. */
export function shownChecks(stdout: string): { files: number; invalid: number } {
  const line = /\[Check files\].* Checked ([\d,]+) files: ([\d,]+) are not valid/.exec(stdout);
  if (!line) throw new Error(`Nothing was checked:\n${stdout}`);
  const [files, invalid] = line.slice(1).map((figure) => Number(figure.replaceAll(',', '')));
  return { files: files!, invalid: invalid! };
}

/** The processes whose parent is `pid`. */
export function childrenOf(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  return existsSync(file) ? readFileSync(file, 'utf8').split(' ').filter(Boolean).map(Number) : [];
}

export function commandLineOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
}
