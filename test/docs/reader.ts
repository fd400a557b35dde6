import { readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PACKAGES } from '../setup/packed-packages.js';
import { RunningProgram } from '../setup/running-program.js';
import { writeTree } from '../setup/temporary-folder.js';
import type { Host } from '../support/hosts.js';
import { missingLines, withoutVariables, type Deed, type TutorialStep } from './tutorial.js';

/** A program that goes on in the background says what it should within so long. */
const SAYS_WITHIN_MS = 60_000;

/** Before somebody looks again whether it is done. */
const PATIENCE_MS = 500;

/** The machines of a test have no way to npm's registry; the folder is the same on this one. */
const ASKS_REGISTRY = /^.*\bnpm /m;

const NPM = { npm_config_prefer_offline: 'true', npm_config_audit: 'false', CI: 'true' };

export interface ReaderOptions {
  /** Has all folders of the reader. */
  readonly home: string;
  /** In which to begin. Default: the home. */
  readonly folder?: string;
  /** The packages before they are published, by their short names. */
  readonly tarballs?: Readonly<Record<string, string>>;
  /** The machine whose terminal is used; default: this one. */
  readonly machine?: Host;
  /** The machine whose cable is pulled. */
  readonly other?: Host;
  /** npm installs may take so long. */
  readonly deadlineMs: number;
  /** Whose terminal it is. Default: that of whoever runs the tests. */
  readonly terminal?: Terminal;
  /** What stands on the page in place of what is there: a port that is free, for example. */
  readonly instead?: Readonly<Record<string, string>>;
}

export interface Terminal {
  /** What each command is started by: becomes another user, for example. */
  readonly prefix: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Somebody who follows a page: types the commands in one terminal, and does what it says in between. */
export class Reader {
  #program: RunningProgram | undefined;
  /** What was printed before the last deed is not looked at. */
  #since = 0;
  #folder: string;

  constructor(private readonly options: ReaderOptions) {
    this.#folder = options.folder ?? options.home;
  }

  /** Follows a page up to the first step that goes otherwise than it says; returns what went otherwise. */
  async followAll(steps: readonly TutorialStep[]): Promise<string[]> {
    for (const [index, step] of steps.entries()) {
      const problems = await this.#follow(step, steps[index + 1]);
      if (problems.length > 0)
        return problems.map((problem) => `line ${step.line}: ${problem}\n${this.#program?.output ?? ''}`);
    }
    return [];
  }

  #follow(step: TutorialStep, next: TutorialStep | undefined): Promise<string[]> {
    switch (step.kind) {
      case 'shell':
        if (step.again && next?.kind === 'output') return this.#typeUntil(step.text, next.text);
        return step.background ? this.#start(step.text) : this.#type(step.text);
      case 'output':
        return this.#compare(step.text);
      case 'file':
        return this.#write(step.path, step.text);
      case 'deed':
        return this.#do(step.deed);
    }
  }

  async #write(path: string, page: string): Promise<string[]> {
    const text = this.#asHere(page);
    if (path.startsWith('~/')) await writeFile(this.#atHome(path.slice(2)), text, { mode: 0o600 });
    else await writeTree(this.#folder, { [path]: text });
    return [];
  }

  #atHome(path: string): string {
    const file = join(homedir(), path);
    const { machine } = this.options;
    if (machine === undefined) throw new Error(`${file} is not for tests`);
    return machine.path(file);
  }

  async #type(commands: string): Promise<string[]> {
    const note = join(this.options.home, '.folder');
    const program = this.#run(`set -e\n${this.#withTarballs(commands)}pwd > ${note}\n`);
    const { code } = await program.end;
    if (code !== 0) return [`exit code ${code}`];
    this.#folder = (await readFile(note, 'utf8')).trim();
    return [];
  }

  /** Types something again, for as long as a program may take to say it, until it says what is expected. */
  async #typeUntil(commands: string, text: string): Promise<string[]> {
    const deadline = performance.now() + SAYS_WITHIN_MS;
    for (;;) {
      const problems = await this.#type(commands);
      const wrong = problems.length > 0 ? problems : await this.#compare(text);
      if (wrong.length === 0 || performance.now() > deadline) return wrong;
      await delay(PATIENCE_MS);
    }
  }

  /** As in a terminal, it becomes the program itself. */
  #start(command: string): Promise<string[]> {
    this.#run(`exec ${command}`);
    return Promise.resolve([]);
  }

  #run(script: string): RunningProgram {
    const { deadlineMs, terminal } = this.options;
    const machine = ASKS_REGISTRY.test(script) ? undefined : this.options.machine;
    const place = { cwd: this.#folder, env: { ...NPM, ...terminal?.env } };
    const [program, ...args] = [...(terminal?.prefix ?? []), 'sh', '-c', this.#asHere(script)];
    this.#since = 0;
    this.#program = machine?.spawn(program, args, place) ?? new RunningProgram(program, args, { ...place, deadlineMs });
    return this.#program;
  }

  async #compare(text: string): Promise<string[]> {
    const expected = this.#asHere(withoutVariables(text));
    const homes = [homedir(), this.options.home];
    const missing = (): string[] => missingLines(expected, withoutVariables(this.#printed, homes));
    const deadline = performance.now() + SAYS_WITHIN_MS;
    while (missing().length > 0 && this.#program?.isRunning && performance.now() < deadline) await delay(20);
    return missing().map((line) => `not printed: ${line}`);
  }

  async #do(deed: Deed): Promise<string[]> {
    this.#since = this.#program?.output.length ?? 0;
    if (deed === 'cut') await this.options.other!.cut();
    else if (deed === 'restore') await this.options.other!.restore();
    else return this.#interrupt();
    return [];
  }

  async #interrupt(): Promise<string[]> {
    this.#program!.send('SIGINT', 'group');
    const { code, signal } = await this.#program!.end;
    // What only shows something until then ends by it.
    return code === 0 || signal === 'SIGINT' ? [] : [`exit code ${code}`];
  }

  #asHere(page: string): string {
    return Object.entries(this.options.instead ?? {}).reduce(
      (text, [there, here]) => text.replaceAll(there, here),
      page,
    );
  }

  get #printed(): string {
    return this.#program?.output.slice(this.#since) ?? '';
  }

  #withTarballs(commands: string): string {
    const { tarballs = {} } = this.options;
    const named = (text: string, name: string): string =>
      text.replaceAll(`@distributed-architecture/${name}`, tarballs[name] ?? name);
    return commands
      .split('\n')
      .map((command) => (command.startsWith('npm install') ? PACKAGES.reduce(named, command) : command))
      .join('\n');
  }
}
