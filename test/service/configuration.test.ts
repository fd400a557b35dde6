import { rmSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { eventually } from '../support/processes.js';
import { Service } from './stage/service.js';

async function start(groups: (service: Service) => Record<string, object>) {
  const service = await Service.make();
  await service.configure(groups(service));
  await service.start();
  return service;
}

it('a wrong configuration changes nothing, whatever is wrong with it, and a right one is taken then', async () => {
  const service = await start((made) => ({ Same: made.workers(2) }));
  const before = await service.pids();
  const file = service.host.path('fleet.yaml');
  const wrong: [string, string][] = [
    ['distributed_architecture: {groups: {', 'fleet.yaml'],
    ['', 'distributed_architecture'],
    ['distributed_architecture: {name: my-app, groups: {Same: {comand: x}}}', 'groups.Same.comand'],
    ['distributed_architecture: {name: my-app, groups: {Same: {command: "${NOT_THERE}"}}}', 'NOT_THERE'],
    ['distributed_architecture: {groups: {A: {command: x, local: {}, depends_on: [B]}}}', 'groups.A.depends_on'],
    ['\0\u{1f600}', 'fleet.yaml'],
  ];
  for (const [text, said] of wrong) {
    writeFileSync(file, text);
    const error: unknown = await service.client.reload({ configOnly: true }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ message: expect.stringContaining(said) as string });
  }
  rmSync(file);
  await expect(service.client.reload({ configOnly: true })).rejects.toThrow('fleet.yaml');
  expect(await service.pids()).toEqual(before);
  await service.configure({ Same: service.workers(2), New: service.workers(1) });
  expect(await service.client.reload({ configOnly: true })).toMatchObject({ completed: true });
  expect((await service.pids()).slice(0, 2)).toEqual(before);
  expect(await service.states()).toEqual(['Same running', 'Same running', 'New running']);
  await service.stop();
});

it('one in which a command crashes is undone: what was not touched lives on, the rest runs as before', async () => {
  const service = await start((made) => ({ Same: made.workers(2), Changed: made.workers(1), Gone: made.workers(1) }));
  const before = await service.pids();
  const [same, changed] = [service.workers(2), service.workers(1, { priority: 1 })];
  await service.configure({ Same: same, Changed: changed, Broken: service.broken() });
  const result = await service.client.reload({ configOnly: true });
  expect(result).toMatchObject({ completed: false, rolledBack: true });
  expect(result.reason).toContain('work/');
  expect((await service.states()).toSorted()).toEqual(
    ['Changed', 'Gone', 'Same', 'Same'].map((name) => `${name} running`),
  );
  expect((await service.pids()).slice(0, 2)).toEqual(before.slice(0, 2));

  // Only something new that crashes: nobody else notices.
  const settled = await service.pids();
  await service.configure({
    ...{ Same: same, Changed: service.workers(1), Gone: service.workers(1) },
    Broken: service.broken(),
  });
  expect(await service.client.reload({ configOnly: true })).toMatchObject({ completed: false, rolledBack: true });
  expect((await service.pids()).toSorted()).toEqual(settled.toSorted());
  await service.stop();
});

it('20 in a row: each time what it says runs, what is the same lives on, and nothing meets its predecessor', async () => {
  const service = await start((made) => ({ Same: made.workers(1), Round0: made.workers(1) }));
  const [same] = await service.pids();
  for (let round = 1; round <= 20; round++) {
    const groups = {
      Same: service.workers(1),
      Changing: service.workers(1 + (round % 2), {}, { round }),
      ...(round % 3 !== 0 && { [`Round${round}`]: service.workers(1) }),
    };
    await service.configure(groups);
    expect(await service.client.reload({ configOnly: true })).toMatchObject({ completed: true, rolledBack: false });
    const names = Object.entries(groups).flatMap(([name, group]) =>
      Array<string>(sizeOf(group)).fill(`${name} running`),
    );
    expect((await service.states()).toSorted()).toEqual(names.toSorted());
    expect(await service.pids()).toContain(same);
  }
  await eventually('only they run', () => workersOf(service) === 3);
  await service.stop();
});

function workersOf({ host }: Service): number {
  return host.processes.filter(({ command }) => command.includes('worker.mjs')).length;
}

function sizeOf(group: object): number {
  return (group as { local: { instances_count: number } }).local.instances_count;
}
