import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packPackages, PACKAGES } from '../setup/packed-packages.js';
import { runToEnd } from '../setup/run-to-end.js';
import { repository, temporaryFolder, writeTree } from '../setup/temporary-folder.js';
import { expectedLines, tutorialSteps, withoutTimes } from './tutorial.js';

/** npm installs, from the registry or from its cache. */
const DEADLINE_MS = 300_000;

it('the tutorial works as it is written, with the packed packages', { timeout: DEADLINE_MS }, async () => {
  const steps = tutorialSteps(await readFile(join(repository, 'docs/tutorial.md'), 'utf8'));
  const reader = await Reader.create();
  for (const step of steps) {
    if (step.kind === 'file') await writeTree(reader.folder, { [step.path]: step.text });
    else if (step.kind === 'shell') await reader.run(step.text, step.line);
    else for (const line of expectedLines(step.text)) expect(reader.printed).toContain(line);
  }
  expect(steps.length).toBeGreaterThan(8);
});

/** Somebody who follows the page: types the commands in one terminal, and has the packages before they are published. */
class Reader {
  printed: readonly string[] = [];

  private constructor(
    readonly home: string,
    private readonly tarballs: Readonly<Record<string, string>>,
    public folder: string = home,
  ) {}

  static async create(): Promise<Reader> {
    const home = await temporaryFolder();
    return new Reader(home, await packPackages(await temporaryFolder()));
  }

  async run(commands: string, line: number): Promise<void> {
    const script = `set -e\n${this.#withTarballs(commands)}pwd > "$SHELL_FOLDER"\n`;
    const env = {
      SHELL_FOLDER: join(this.home, 'folder'),
      npm_config_prefer_offline: 'true',
      npm_config_audit: 'false',
      CI: 'true',
    };
    const { code, stdout, stderr } = await runToEnd('sh', ['-c', script], {
      cwd: this.folder,
      env,
      deadlineMs: DEADLINE_MS,
    });
    expect(code, `line ${line} of the tutorial:\n${stdout}${stderr}`).toBe(0);
    this.printed = withoutTimes(stdout + stderr).split('\n');
    this.folder = (await readFile(env.SHELL_FOLDER, 'utf8')).trim();
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
