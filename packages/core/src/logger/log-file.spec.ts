import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../testing/manual-clock.js';
import { LogFile } from './log-file.js';
import { LogFileError } from './log-file-error.js';

const DAY_MS = 86_400_000;

/** Files have the time of this machine: a clock that begins there. */
class TodayClock extends ManualClock {
  readonly #start = Date.now();

  override date(): Date {
    return new Date(this.#start + this.monotonicMs());
  }
}

let folder = '';
let path = '';
let clock = new TodayClock();
const files: LogFile[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'da-test-'));
  path = join(folder, 'logs/app.log');
  clock = new TodayClock();
});

afterEach(() => {
  for (const file of files.splice(0)) file.destroy();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

function open(options: { maxSize?: number; maxFiles?: number } = {}): LogFile {
  const file = new LogFile(path, { ...options, clock, gap: (lines, reason) => `lost ${lines}: ${reason}\n` });
  files.push(file);
  return file;
}

function say(file: LogFile, text: string): Promise<void> {
  return new Promise((resolve) => file.write(text, () => resolve()));
}

const content = (name = 'app.log'): string => readFileSync(join(folder, 'logs', name), 'utf8');
const names = (): string[] => readdirSync(join(folder, 'logs')).toSorted();
const day = (): string => clock.date().toISOString().slice(0, 10);

describe('a log file', () => {
  it('is made with its folder, for its user and group alone, and is appended to', async () => {
    await say(open(), 'one\n');
    await say(open(), 'two\n');
    expect(content()).toBe('one\ntwo\n');
    expect(statSync(path).mode & 0o777 & ~0o640).toBe(0);
  });

  it('that cannot be made is an error that says where and why', () => {
    writeFileSync(join(folder, 'logs'), '');
    expect(() => open()).toThrow(LogFileError);
    expect(() => open()).toThrow(/app\.log cannot be written: .*(EEXIST|ENOTDIR)/u);
  });

  it('begins anew by size, and keeps so many older ones', async () => {
    const file = open({ maxSize: 10 / 1_048_576, maxFiles: 2 });
    for (const line of ['1 long enough\n', '2 long enough\n', '3 long enough\n', '4 long enough\n', '5\n'])
      await say(file, line);
    expect(names()).toEqual(['app.log', `app.log.${day()}.3`, `app.log.${day()}.4`]);
    expect(content()).toBe('5\n');
    expect(content(`app.log.${day()}.4`)).toBe('4 long enough\n');
  });

  it('begins anew when the day is over, but an empty one does not', async () => {
    const file = open();
    const first = day();
    await say(file, 'yesterday\n');
    clock.advance(DAY_MS);
    await say(file, 'today\n');
    expect(content(`app.log.${first}.1`)).toBe('yesterday\n');
    expect(content()).toBe('today\n');
    truncateSync(path);
    clock.advance(DAY_MS);
    await say(file, 'tomorrow\n');
    expect(names()).toHaveLength(2);
  });

  it('follows a file that others have renamed when it is told, at once', async () => {
    const file = open();
    await say(file, 'one\n');
    renameSync(path, `${path}.1`);
    void say(file, 'two\n');
    await file.reopen();
    expect(names()).toEqual(['app.log', 'app.log.1']);
    await say(file, 'three\n');
    expect(content('app.log.1')).toBe('one\ntwo\n');
    expect(content()).toBe('three\n');
  });

  it('goes on at the new end when others have truncated it', async () => {
    const file = open();
    await say(file, 'one\n');
    truncateSync(path);
    await say(file, 'two\n');
    expect(content()).toBe('two\n');
  });

  it('never renames what others have put in its place', async () => {
    const file = open({ maxSize: 10 / 1_048_576 });
    await say(file, 'long enough\n');
    renameSync(path, `${path}.old`);
    writeFileSync(path, 'of somebody else\n');
    await say(file, 'mine\n');
    expect(content()).toBe('of somebody else\nmine\n');
    expect(names()).toEqual(['app.log', 'app.log.old']);
  });
});

it('a device is written as it is', async () => {
  path = '/dev/null';
  const file = open({ maxSize: 1 / 1_048_576 });
  await say(file, 'one\n');
  await say(file, 'two\n');
  expect(statSync(path).isCharacterDevice()).toBe(true);
});

it.runIf(process.platform === 'linux')('says once that the disk is full, and goes on', async () => {
  path = '/dev/full';
  const file = open();
  await say(file, 'one\ntwo\n');
  await say(file, 'three\n');
  clock.advance(1000);
  await say(file, 'four\n');
  expect(file.destroyed).toBe(false);
});
