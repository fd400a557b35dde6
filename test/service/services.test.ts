import { randomInt } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually, isAlive } from '../support/processes.js';
import { Service } from './stage/service.js';
import { groupsBecome } from './stage/states.js';
import { WHO } from './stage/world.js';

const workersOf = ({ host }: Service): number[] =>
  host.processes.filter(({ command }) => command.includes('worker.mjs')).map(({ pid }) => pid);

describe.each(WHO)('a service of %s', (_who, uid) => {
  it('that is killed, and started again at once: no process twice, and nothing is left', async () => {
    const service = await Service.make(uid);
    await service.configure({
      Work: service.workers(2, { stop_timeout: 2 }, { lingerMs: 300 }),
      Deaf: service.workers(1, { stop_timeout: 1 }, { deaf: true }),
    });
    const first = await service.start();
    await eventually('some are there', () => workersOf(service).length > 1);
    process.kill(first, 'SIGKILL');
    await service.start();
    await groupsBecome(service.client, 'Work running', 'Work running', 'Deaf running');
    await eventually('only they run', () => workersOf(service).length === 3);
    await service.stop();
    expect(workersOf(service)).toEqual([]);
  });
});

it('a service that is killed in the midst of a changed configuration: the next one runs that, whole', async () => {
  const service = await Service.make();
  await service.configure({ Same: service.workers(1), Changed: service.workers(2, {}, { lingerMs: 300 }) });
  const pid = await service.start();
  await service.configure({ Same: service.workers(1), Changed: service.workers(1), New: service.workers(1) });
  const asked = service.client.reload({ configOnly: true }).catch(() => {});
  await service.host.says('[work/2/1] Ended');
  process.kill(pid, 'SIGKILL');
  await asked;
  await service.start();
  await groupsBecome(service.client, 'Same running', 'Changed running', 'New running');
  await eventually('only they run', () => workersOf(service).length === 3);
  await service.stop();
  expect(service.meetings).toEqual([]);
});

it('storms of SIGHUP, SIGUSR1 and SIGUSR2 end no process, open no debugger, and reload again and again', async () => {
  const service = await Service.make();
  await service.configure({ Work: service.workers(2) });
  const pid = await service.start();
  for (let count = 0; count < 600; count++) {
    process.kill(pid, (['SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const)[randomInt(3)]);
    if (count % 20 === 0) await delay(randomInt(50));
  }
  const { client } = service;
  await expect.poll(async () => (await client.status()).change, { timeout: 30_000 }).toBeUndefined();
  expect(await client.reload()).toEqual({ completed: true, replaced: 2, left: 0 });
  expect(await service.states()).toEqual(['Work running', 'Work running']);
  process.kill(pid, 'SIGUSR1');
  await service.host.says('All 2 processes: 2 running');
  expect(service.host.read()).not.toContain('Debugger listening');
  expect(service.host.pid).toBe(pid);
  await service.stop();
});

it('a frozen service: --stop gives it up in time; when it wakes up it stops', async () => {
  const service = await Service.make();
  await service.configure({ Work: service.workers(1) });
  const pid = await service.start();
  process.kill(pid, 'SIGSTOP');
  onTestFinished(() => void (isAlive(pid) && process.kill(pid, 'SIGCONT')));
  const stopped = await service.host.runMaster('--stop', '--timeout', '5');
  expect(stopped).toMatchObject({ code: 1 });
  expect(stopped.stdout).toContain(`The master, pid ${pid}, has not ended within 7 s`);
  process.kill(pid, 'SIGCONT');
  await eventually('it has ended', () => !isAlive(pid));
  expect(workersOf(service)).toEqual([]);
});
