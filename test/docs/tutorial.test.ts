import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packPackages } from '../setup/packed-packages.js';
import { repository, sharedFolder } from '../setup/temporary-folder.js';
import { Hosts, needsNamespaces, type Host } from '../support/hosts.js';
import { Reader } from './reader.js';
import { tutorialOf, tutorialSteps, type TutorialStep } from './tutorial.js';

/** npm installs, from the registry or from its cache. */
const DEADLINE_MS = 400_000;

/** Holds an application with the packages that it needs to run. */
const DISK = 320 * 1024 * 1024;

const WORKER = 'worker.example.org';

const shared = await sharedFolder();
let tutorial: Promise<Followed> | undefined;

interface Followed {
  /** Has the application, in `greeter`. */
  readonly home: string;
  readonly problems: readonly string[];
}

it('the tutorial works as it is written, with the packed packages', { timeout: DEADLINE_MS }, async () => {
  tutorial = followTutorial();
  const { problems } = await tutorial;
  expect(problems).toEqual([]);
});

it('so does the guide to several machines, with two of them', { timeout: DEADLINE_MS }, async (context) => {
  needsNamespaces(context);
  // It continues what the tutorial has made.
  tutorial ??= followTutorial();
  const { home, problems } = await tutorial;
  expect(problems).toEqual([]);
  const steps = await stepsOf('docs/several-machines.md');
  const hosts = await Hosts.create([WORKER], {
    shared: [home],
    disk: DISK,
    sshdConfig: ['AuthorizedKeysFile .ssh/authorized_keys'],
  });
  const worker = hosts.host(WORKER);
  await letIn(worker, hosts.key.publicKey);
  await leaveOnlyLogin(hosts.master, home);
  const reader = new Reader({
    ...{ home, folder: join(home, 'greeter'), deadlineMs: DEADLINE_MS },
    ...{ machine: hosts.master, other: worker },
  });
  expect(await reader.followAll([...(await filesOfTutorial()), ...steps])).toEqual([]);
  expect(steps.length).toBeGreaterThan(30);
});

async function followTutorial(): Promise<Followed> {
  const home = await mkdtemp(join(shared, 'home-'));
  const packed = join(home, 'packed');
  await mkdir(packed);
  const reader = new Reader({ home, tarballs: await packPackages(packed), deadlineMs: DEADLINE_MS });
  const steps = await stepsOf('README.md');
  expect(steps.length).toBeGreaterThan(8);
  return { home, problems: await reader.followAll(steps) };
}

/** As they were before the chapter on queue groups replaced some of them. */
async function filesOfTutorial(): Promise<TutorialStep[]> {
  const files = (await stepsOf('README.md')).filter(({ kind }) => kind === 'file');
  return files.toReversed();
}

async function stepsOf(page: string): Promise<TutorialStep[]> {
  return tutorialSteps(tutorialOf(await readFile(join(repository, page), 'utf8')));
}

/** In place of the password that a reader would type. */
async function letIn(host: Host, publicKey: string): Promise<void> {
  const folder = join(homedir(), '.ssh');
  await mkdir(host.path(folder), { recursive: true, mode: 0o700 });
  await writeFile(host.path(join(folder, 'authorized_keys')), `${publicKey}\n`);
}

/** The reader has seen no other machine before, and writes in a folder that the machine only borrows. */
async function leaveOnlyLogin(machine: Host, folder: string): Promise<void> {
  const { code, stderr } = await machine.run(`rm ~/.ssh/known_hosts && mount -o remount,bind,rw '${folder}'`);
  if (code !== 0) throw new Error(stderr);
}
