import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { isRunning, ownIdentity, startTimeOf } from './process-identity.js';

it('this process runs, and is no other of its number or of another boot', () => {
  const own = ownIdentity();
  expect(own.startTime).not.toBe('');
  expect(isRunning(own)).toBe(true);
  expect(isRunning({ ...own, startTime: `${own.startTime}0` })).toBe(false);
  expect(isRunning({ ...own, boot: 'another' })).toBe(false);
});

it('a process that has ended has no start time, also as a zombie', async () => {
  // The shell becomes a program that never waits for its child, which ends at once.
  const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const zombie = Number(line);
  await expect.poll(() => startTimeOf(zombie)).toBeUndefined();
  expect(process.kill(zombie, 0)).toBe(true);
  parent.kill('SIGKILL');
  await once(parent, 'close');
  expect(startTimeOf(parent.pid!)).toBeUndefined();
});
