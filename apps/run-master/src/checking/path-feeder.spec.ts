import { expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.spec-helper.js';
import { PathFeeder } from './path-feeder.js';

function feeder(files: Record<string, string>) {
  const lines: string[] = [];
  const say = (line: unknown): void => void lines.push(String(line));
  return { feeder: new PathFeeder(temporaryFolder(files), { log: say, warn: say }), lines };
}

it('hands out each file once, and tells what became of them when all are answered', async () => {
  const { feeder: paths, lines } = feeder({ a: '', b: '', 'c/d': '', e: '' });
  expect(paths.size()).toBeUndefined();
  expect(await paths.getMany(2)).toEqual(['a', 'b']);
  expect(paths.size()).toBe(2);
  expect(await paths.get()).toBe('e');
  expect(paths.ended()).toBe(false);
  expect(await paths.get()).toBe('c/d');
  expect(paths.ended()).toBe(true);
  expect(await paths.getMany(1)).toEqual([]);
  paths.success();
  paths.error('b', new Error('two\nlines'));
  paths.success();
  expect(lines).toEqual([]);
  paths.success();
  expect(lines).toEqual(['Checked 4 files: 1 are not valid', 'b: two?lines']);
});

it('has nothing to hand out in an empty folder', async () => {
  const { feeder: paths, lines } = feeder({});
  expect(await paths.getMany(10)).toEqual([]);
  expect(paths.ended()).toBe(true);
  expect(lines).toEqual(['Checked 0 files: 0 are not valid']);
});

it('names three problems only', async () => {
  const { feeder: paths, lines } = feeder({ a: '', b: '', c: '', d: '', e: '' });
  for (const path of await paths.getMany(10)) paths.error(path, new Error('bad'));
  expect(lines.slice(1)).toEqual(['a: bad', 'b: bad', 'c: bad', '... and 2 more']);
});
