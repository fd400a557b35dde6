import { chmod, chown, cp, mkdir, mkdtemp, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { packPackages, PACKAGES } from '../setup/packed-packages.js';
import { runToEnd } from '../setup/run-to-end.js';
import { repository, writeTree, type FileTree } from '../setup/temporary-folder.js';
import type { Terminal } from './reader.js';
import { tutorialOf, tutorialSteps, type Person, type TutorialStep } from './tutorial.js';

/** Who the service belongs to: there is one everywhere, with these ids. */
export const ACCOUNT = { name: 'nobody', uid: 65_534, gid: 65_534 };

export const GUIDE = 'docs/service.md';

const SCOPE = '@distributed-architecture';

/** The steps of a page for somebody. */
export async function stepsFor(person: Person, page: string): Promise<TutorialStep[]> {
  const steps = tutorialSteps(tutorialOf(await readFile(join(repository, page), 'utf8')));
  return steps.filter((step) => step.kind !== 'shell' || step.only === undefined || step.only === person);
}

/**
 * Makes the application of the tutorial with what the guide changes of it, built, with the packed packages: what the test of
 * the tutorial does by npm, with the dependencies of this repository.
 */
export async function buildGreeter(folder: string): Promise<void> {
  await run('nest', ['new', 'greeter', '--package-manager', 'npm', '--skip-git', '--skip-install'], folder);
  const greeter = join(folder, 'greeter');
  await writeTree(greeter, { ...(await filesOf('README.md')), ...(await filesOf(GUIDE)) });
  await lendModules(greeter, folder);
  await run('nest', ['build'], greeter);
}

/** As they are first: the chapter on queue groups replaces some. */
async function filesOf(page: string): Promise<FileTree> {
  const steps = (await stepsFor('user', page)).toReversed();
  return Object.fromEntries(steps.flatMap((step) => (step.kind === 'file' ? [[step.path, step.text]] : [])));
}

async function lendModules(greeter: string, folder: string): Promise<void> {
  const [lent, modules] = [join(repository, 'node_modules'), join(greeter, 'node_modules')];
  await mkdir(join(modules, SCOPE), { recursive: true });
  const names = (await readdir(lent)).filter((name) => name !== SCOPE);
  await Promise.all(names.map((name) => symlink(join(lent, name), join(modules, name))));
  const tarballs = await packPackages(folder);
  for (const name of PACKAGES) {
    const place = join(modules, SCOPE, name);
    await mkdir(place);
    await run('tar', ['-xzf', tarballs[name], '--strip-components=1'], place);
    // What npm could not install beside what other packages want.
    await symlink(join(repository, 'packages', name, 'node_modules'), join(place, 'node_modules'));
  }
}

async function run(program: string, args: readonly string[], cwd: string): Promise<void> {
  const { code, stdout, stderr } = await runToEnd(program, args, { cwd });
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}`);
}

/** Somebody who follows the page, at home. */
export interface Resident {
  /** Has the application, in `greeter`. */
  readonly home: string;
  readonly terminal: Terminal;
}

/** Gives somebody a home with the application. */
export async function moveIn(person: Person, folder: string): Promise<Resident> {
  const home = await mkdtemp(join(folder, `${person}-`));
  const greeter = join(home, 'greeter');
  await chmod(home, 0o755);
  await cp(join(folder, 'greeter'), greeter, { recursive: true, verbatimSymlinks: true });
  // Run directories are there: with the machine's own, those of both would be one.
  const temporary = join(home, 't');
  await mkdir(temporary);
  await chmod(temporary, 0o1777);
  const env = { HOME: home, TMPDIR: temporary, XDG_RUNTIME_DIR: '' };
  if (person === 'root') return { home, terminal: { prefix: [], env } };
  const { name, uid, gid } = ACCOUNT;
  for (const path of [home, greeter, join(greeter, 'config')]) await chown(path, uid, gid);
  const prefix = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  return { home, terminal: { prefix, env: { ...env, USER: name, LOGNAME: name } } };
}
