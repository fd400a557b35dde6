import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readPidFile } from '@distributed-architecture/core';
import { RunningProgram } from '../setup/running-program.js';
import { temporaryFolder } from '../setup/temporary-folder.js';
import { fixture } from '../support/fleet.js';

const STARTS = 8;

/** Nobody has this number: the highest of Linux is 4194304. */
const STALE = '4194305\n1\n/run/x\n';

it.each([
  ['', undefined],
  [' where a dead master has left its own', STALE],
])('of eight that start at a time one gets the pid file%s', async (_where, left) => {
  const folder = await temporaryFolder();
  const path = join(folder, 'app.pid');
  for (let round = 1; round <= 3; round++) {
    if (left !== undefined) writeFileSync(path, left);
    const start = join(folder, `start-${round}`);
    const racers = Array.from(
      { length: STARTS },
      () => new RunningProgram(process.execPath, [fixture('takes-pid-file.mjs'), path, start], { cwd: folder }),
    );
    await Promise.all(racers.map((racer) => racer.says('waiting')));
    writeFileSync(start, '');
    await Promise.all(racers.map((racer) => Promise.race([racer.says('won'), racer.says('lost')])));
    const winners = racers.filter(({ output }) => output.includes('won'));
    expect(winners).toHaveLength(1);
    expect(readPidFile(path)?.pid).toBe(winners[0]!.pid);
    for (const racer of racers) if (racer.isRunning) racer.send('SIGTERM', 'alone');
    await Promise.all(racers.map((racer) => racer.end));
    // Killed, so it is stale from now on.
    expect(readPidFile(path)).toBeUndefined();
    expect(readdirSync(folder).filter((name) => name.startsWith('app.pid'))).toEqual(['app.pid']);
    writeFileSync(path, left ?? STALE);
  }
});
