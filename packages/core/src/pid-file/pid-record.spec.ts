import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTimeOf } from '../run-directory/process-identity.js';
import { readPidFile, recordText, type PidRecord } from './pid-record.js';
import { ownerOf } from './process-owner.js';
import { writePidFile } from './write-pid-file.js';

const ACCOUNT = 54_321;
const ANOTHER = 54_322;

let folder = '';
let path = '';
let runFolder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'da-test-'));
  path = join(folder, 'app.pid');
  runFolder = join(folder, 'run');
  mkdirSync(runFolder);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function recordOf(pid: number): PidRecord {
  return { pid, startTime: startTimeOf(pid) ?? '', folder: runFolder };
}

function write(record: PidRecord, owner?: number): void {
  writeFileSync(path, recordText(record));
  if (owner !== undefined) chownSync(path, owner, owner);
}

it('a pid file that is no file names nobody', () => {
  mkdirSync(path);
  expect(readPidFile(path)).toBeUndefined();
});

it('a pid file that somebody has filled up is not read whole', () => {
  write(recordOf(process.pid));
  truncateSync(path, 2 ** 40);
  expect(readPidFile(path)).toEqual(recordOf(process.pid));
});

describe('a pid file that is a link', () => {
  it('names nobody', () => {
    write(recordOf(process.pid));
    const link = join(folder, 'link.pid');
    symlinkSync(path, link);
    expect(readPidFile(link)).toBeUndefined();
  });

  it('is an error where one is to be written, also when it leads nowhere', async () => {
    symlinkSync(join(folder, 'nothing'), path);
    await expect(writePidFile(path, recordOf(process.pid))).rejects.toThrow('it is a link, remove it');
  });
});

describe.runIf(process.getuid?.() === 0)('a pid file that an account may write is believed by root', () => {
  let program: ChildProcess;

  beforeEach(async () => {
    program = spawn('sh', ['-c', 'echo; read line'], { uid: ACCOUNT, gid: ACCOUNT, stdio: ['pipe', 'pipe', 'ignore'] });
    await once(program.stdout!, 'data');
    chownSync(runFolder, ACCOUNT, ACCOUNT);
  });

  afterEach(async () => {
    program.stdin!.end();
    await once(program, 'exit');
  });

  it('where the process and the run directory are the same account, or the file is of root', () => {
    const record = recordOf(program.pid!);
    expect(ownerOf(program.pid!)).toBe(ACCOUNT);
    write(record, ACCOUNT);
    expect(readPidFile(path)).toEqual(record);
    write(record, 0);
    expect(readPidFile(path)).toEqual(record);
  });

  it('not where it names a process of root', () => {
    write({ ...recordOf(process.pid), folder: '/nowhere' }, ACCOUNT);
    expect(readPidFile(path)).toBeUndefined();
  });

  it('not where it names a process of another account', () => {
    write(recordOf(program.pid!), ANOTHER);
    expect(readPidFile(path)).toBeUndefined();
  });

  it('not where it names the run directory of another, or a link to one', () => {
    const record = recordOf(program.pid!);
    chownSync(runFolder, ANOTHER, ANOTHER);
    for (const owner of [ACCOUNT, 0]) {
      write(record, owner);
      expect(readPidFile(path)).toBeUndefined();
    }
    const link = join(folder, 'link');
    symlinkSync(runFolder, link);
    write({ ...record, folder: link }, ACCOUNT);
    expect(readPidFile(path)).toBeUndefined();
  });

  it('also where the run directory is gone: a master that ends', () => {
    const record = { ...recordOf(program.pid!), folder: join(folder, 'gone') };
    write(record, ACCOUNT);
    expect(readPidFile(path)).toEqual(record);
  });

  it('and what is not believed is in the way of nobody', async () => {
    write(recordOf(process.pid), ACCOUNT);
    const own = { ...recordOf(process.pid), folder: '/nowhere' };
    await writePidFile(path, own);
    expect(readPidFile(path)).toEqual(own);
  });
});
