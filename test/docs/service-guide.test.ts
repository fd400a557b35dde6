import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { sharedFolder } from '../setup/temporary-folder.js';
import { freePort } from '../support/ports.js';
import { Reader } from './reader.js';
import { ACCOUNT, buildGreeter, GUIDE, moveIn, stepsFor } from './service-guide.js';

/** It takes 20 s on a machine that has nothing else to do. */
const DEADLINE_MS = 240_000;

const folder = await sharedFolder();

beforeAll(async () => {
  if (process.getuid?.() !== 0) throw new Error('The guide is for users and for root: run its test as root');
  await chmod(folder, 0o755);
  await buildGreeter(folder);
}, DEADLINE_MS);

it.each(['user', 'root'] as const)(
  'the guide to services works as it is written, for %s',
  { timeout: DEADLINE_MS },
  async (person) => {
    const { home, terminal } = await moveIn(person, folder);
    const steps = await stepsFor(person, GUIDE);
    expect(steps.length).toBeGreaterThan(50);
    const instead = {
      '/home/deploy': home,
      '--user greeter': `--user ${ACCOUNT.name}`,
      '9464': String(await freePort()),
    };
    const reader = new Reader({ home, folder: join(home, 'greeter'), deadlineMs: DEADLINE_MS, terminal, instead });
    expect(await reader.followAll(steps)).toEqual([]);
  },
);
