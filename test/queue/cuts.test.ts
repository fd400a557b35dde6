import { join } from 'node:path';
import { onTestFinished, expect, it } from 'vitest';
import { CuttingProxy } from '../faults/feed/cutting.js';
import { eventually } from '../support/processes.js';
import { Feed, numbersOf, numbersTo, stop } from './feed.js';

const CUTS = 6;

it('consumers whose connections are cut again and again work on: each item is handled and answered once', async () => {
  const feed = await Feed.start({ window: 40, concurrency: 4 });
  const path = join(feed.folder, 'proxy');
  const proxy = await CuttingProxy.listen(path, feed.path);
  onTestFinished(() => proxy.close());
  const consumers = [2, 3].map((id) => feed.consume({ id, address: { path }, ms: 2, concurrency: 4 }));
  for (let cut = 1; cut <= CUTS; cut++) {
    const before = numbersOf('done', feed.program).length;
    await eventually('work goes on', () => numbersOf('done', feed.program).length > before + 50);
    expect(proxy.cut('lossy')).toBeGreaterThan(0);
  }
  feed.program.send('SIGUSR2', 'alone');
  expect((await feed.program.end).code).toBe(0);
  expect(await stop(...consumers)).toEqual([0, 0]);
  const handled = numbersOf('begin', ...consumers);
  expect(handled).toEqual(numbersTo(handled.length));
  expect(numbersOf('done', feed.program)).toEqual(handled);
});
