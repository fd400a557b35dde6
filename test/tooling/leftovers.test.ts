import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { endMarkedProcesses, markedProcesses } from '../setup/marked-processes.js';

const PROGRAM = 'console.log("here"); setInterval(() => {}, 1000)';

it('finds a process that was left detached, and ends it', async () => {
  const mark = `DISTRIBUTED_ARCHITECTURE_LEFT=${randomUUID()}`;
  const [name = '', value] = mark.split('=');
  const child = spawn(process.execPath, ['-e', PROGRAM], {
    env: { ...process.env, [name]: value },
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exit = once(child, 'exit');
  await once(child.stdout, 'data');
  expect(await endMarkedProcesses(mark)).toEqual([{ pid: child.pid, command: expect.stringContaining(PROGRAM) }]);
  expect(await exit).toEqual([null, 'SIGKILL']);
  expect(markedProcesses(mark)).toEqual([]);
});
