import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Scope } from '../harness/scope.js';
import { Pm2 } from '../peers/pm2.js';
import type { Command } from './run-command.js';
import { PROCESSES, SETTLE_MS } from './status-plan.js';

/** @returns pm2's own command line for a daemon that has so many programs */
export async function startPm2Sleepers(scope: Scope): Promise<Command> {
  // More at a time, so that the start is short.
  const pm2 = await Pm2.start(scope, { PM2_CONCURRENT_ACTIONS: '20' });
  await pm2.startApp({
    name: 'sleepers',
    script: '/bin/sleep',
    args: ['1000000'],
    instances: PROCESSES,
    exec_mode: 'fork',
    interpreter: 'none',
    autorestart: false,
    output: '/dev/null',
    error: '/dev/null',
    vizion: false,
  });
  await delay(SETTLE_MS);
  const program = join(dirname(createRequire(import.meta.url).resolve('pm2')), 'bin/pm2');
  const env = { ...process.env, PM2_HOME: pm2.home, PM2_DISABLE_VERSION_CHECK: '1' };
  return { args: [program, 'jlist'], env };
}
