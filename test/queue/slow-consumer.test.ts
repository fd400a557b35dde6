import { expect, it } from 'vitest';
import { eventually, residentMb } from '../support/processes.js';
import { Feed, hasSaid, numbersOf, stop } from './feed.js';

const GROWTH_MB = 25;

it('a feeder with more work than its consumers can do keeps its memory', async () => {
  const feed = await Feed.start({ size: 100_000, concurrency: 2 });
  const slow = feed.consume({ id: 2, ms: 10, concurrency: 2 });
  const frozen = feed.consume({ id: 3, ms: 10, concurrency: 2 });
  await hasSaid(frozen, 'end');
  frozen.send('SIGSTOP', 'alone');
  const done = (): number => numbersOf('done', feed.program).length;
  await eventually('it is warm', () => done() > 100);
  const before = residentMb(feed.program.pid);
  await eventually('it has done more', () => done() > 500);
  expect(residentMb(feed.program.pid) - before).toBeLessThan(GROWTH_MB);
  frozen.send('SIGCONT', 'alone');
  feed.program.send('SIGUSR2', 'alone');
  expect((await feed.program.end).code).toBe(0);
  expect(await stop(slow, frozen)).toEqual([0, 0]);
});
