import { expect, it } from 'vitest';
import { group } from '../testing/process-specs.js';
import { listProcesses } from './process-spec.js';

it('of a queue group the feeder comes first, then all consumers that there may be; the feeder counts', () => {
  const specs = listProcesses([
    group({ local: { instancesCount: 2 } }),
    { name: 'Queue', command: 'work', consumers: { local: { minInstances: 0, maxInstances: 2 } } },
    group({ name: 'Last' }),
  ]);
  expect(specs.map(({ id, groupId, groupCount, origin }) => [id, groupId, groupCount, origin.display])).toEqual([
    [1, 1, 2, 'work/1/1'],
    [2, 2, 2, 'work/2/2'],
    [3, 1, 3, 'Feeder - work/3/1'],
    [4, 2, 3, 'Consumer - work/4/2'],
    [5, 3, 3, 'Consumer - work/5/3'],
    [6, 1, 1, 'work/6/1'],
  ]);
  expect(specs.map(({ queue }) => queue?.role)).toEqual([
    ...[undefined, undefined],
    ...['feeder', 'consumer', 'consumer', undefined],
  ]);
});

it('feeder and consumers have what their blocks say', () => {
  const [feeder, consumer] = listProcesses([
    { name: 'Queue', command: 'work', localFeeder: { timeout: 7 }, consumers: { local: { memoryLimit: 99 } } },
  ]);
  expect([feeder!.config.timeout, feeder!.config.memoryLimit]).toEqual([7, undefined]);
  expect([consumer!.config.timeout, consumer!.config.memoryLimit]).toEqual([30, 99]);
});
