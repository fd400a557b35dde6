import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packPackages, PACKAGES } from '../setup/packed-packages.js';
import { runToEnd } from '../setup/run-to-end.js';
import { repository, temporaryFolder, writeTree } from '../setup/temporary-folder.js';
import { expectedLines, tutorialOf, tutorialSteps, withoutTimes, type TutorialStep } from './tutorial.js';

/** npm installs, from the registry or from its cache. */
const DEADLINE_MS = 400_000;

it('the tutorial works as it is written, with the packed packages', { timeout: DEADLINE_MS }, async () => {
  const steps = tutorialSteps(tutorialOf(await readFile(join(repository, 'README.md'), 'utf8')));
  const reader = await Reader.create();
  const problems: string[] = [];
  for (const step of steps) {
    if (problems.length === 0) problems.push(...(await reader.follow(step)));
  }
  expect(problems).toEqual([]);
  expect(steps.length).toBeGreaterThan(8);
});

/** Somebody who follows the page: types the commands in one terminal, and has the packages before they are published. */
class Reader {
  #printed = '';
  #folder: string;

  private constructor(
    private readonly home: string,
    private readonly tarballs: Readonly<Record<string, string>>,
  ) {
    this.#folder = home;
  }

  static async create(): Promise<Reader> {
    return new Reader(await temporaryFolder(), await packPackages(await temporaryFolder()));
  }

  /** Returns what went otherwise than the page says. */
  async follow(step: TutorialStep): Promise<string[]> {
    if (step.kind === 'shell') return this.#type(step.text, step.line);
    if (step.kind === 'output') return this.#compare(step.text, step.line);
    await writeTree(this.#folder, { [step.path]: step.text });
    return [];
  }

  async #type(commands: string, line: number): Promise<string[]> {
    const script = `set -e\n${this.#withTarballs(commands)}pwd > "$SHELL_FOLDER"\n`;
    const settings = { npm_config_prefer_offline: 'true', npm_config_audit: 'false', CI: 'true' };
    const env = { SHELL_FOLDER: join(this.home, 'folder'), ...settings };
    const options = { cwd: this.#folder, env, deadlineMs: DEADLINE_MS };
    const { code, stdout, stderr } = await runToEnd('sh', ['-c', script], options);
    this.#printed = withoutTimes(stdout + stderr);
    if (code !== 0) return [`line ${line}: exit code ${code}\n${this.#printed}`];
    this.#folder = (await readFile(env.SHELL_FOLDER, 'utf8')).trim();
    return [];
  }

  #compare(text: string, line: number): string[] {
    const printed = this.#printed.split('\n');
    const missing = expectedLines(text).filter((expected) => !printed.includes(expected));
    return missing.map((expected) => `line ${line}: not printed: ${expected}\n${this.#printed}`);
  }

  #withTarballs(commands: string): string {
    const named = (text: string, name: string): string =>
      text.replaceAll(`@distributed-architecture/${name}`, this.tarballs[name] ?? name);
    return commands
      .split('\n')
      .map((command) => (command.startsWith('npm install') ? PACKAGES.reduce(named, command) : command))
      .join('\n');
  }
}
