import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cleanerScript } from './cleaner-script.js';
import { startTimeOf } from './process-identity.js';
import { wrapperScript } from './wrapper-script.js';

// What these kill are children of this file alone: ids are never made up but for one that must not be signalled.

let base = '';
let run = '';
const children: ChildProcess[] = [];

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'da-test-'));
  run = join(base, 'run');
  mkdirSync(run);
  writeFileSync(join(run, 'open'), '');
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(base, { recursive: true, force: true });
});

interface Started {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly output: () => string;
  readonly exit: Promise<unknown[]>;
}

function start(program: string, args: readonly string[]): Started {
  const child = spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { child, pid: child.pid!, output: () => text, exit: once(child, 'close') };
}

/** Through the wrapper, as the launcher starts it. */
function startWrapped(
  name: string,
  record: string,
  words: readonly string[],
  cgroup = '-',
  platform = process.platform,
): Started {
  writeFileSync(join(run, name), `${record}\n`);
  return start('/bin/sh', [
    '-c',
    wrapperScript(platform),
    'sh',
    join(run, name),
    cgroup,
    `=${process.cwd()}`,
    ...words,
  ]);
}

async function clean(mode: 'keep' | 'remove' = 'remove', platform = process.platform): Promise<string[]> {
  const cleaner = start('/bin/sh', ['-c', cleanerScript(platform), 'sh', run, 'now', mode]);
  await cleaner.exit;
  return cleaner.output().split('\n').filter(Boolean);
}

async function registered(name: string): Promise<void> {
  await expect.poll(() => readFileSync(join(run, name), 'utf8').split('\n').length).toBe(3);
}

async function says({ output }: Started, text: string): Promise<void> {
  await expect.poll(output).toContain(text);
}

describe('the wrapper', () => {
  it('registers the process that its program will be', async () => {
    const { pid } = startWrapped('1.1', 'program 1000', ['sleep', '60']);
    await registered('1.1');
    expect(readFileSync(join(run, '1.1'), 'utf8')).toBe(`program 1000\n${pid} ${startTimeOf(pid)}\n`);
    await expect.poll(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toBe('sleep\x0060\x00');
  });

  it('passes on words as they are, and the exit code', async () => {
    const words = ['sh', '-c', `printf '<%s>' "$@"; exit 7`, 'sh', '', 'a b', `'"$(x)\n*`, '--'];
    const started = startWrapped('1.1', 'program 1000', words);
    expect(await started.exit).toEqual([7, null]);
    expect(started.output()).toBe(`<><a b><'"$(x)\n*><-->`);
  });

  it('executes nothing when the run was ended meanwhile, or its folder is gone', async () => {
    rmSync(join(run, 'open'));
    const late = startWrapped('1.1', 'program 1000', ['echo', 'executed']);
    expect(await late.exit).toEqual([126, null]);
    const gone = start('/bin/sh', ['-c', wrapperScript(), 'sh', join(base, 'gone/1.1'), '-', '-', 'echo', 'executed']);
    expect(await gone.exit).toEqual([126, null]);
    expect(late.output() + gone.output()).not.toContain('executed');
  });

  it('ended between its registration and the execution leaves nothing', async () => {
    const cgroup = join(base, 'cgroup');
    mkdirSync(cgroup);
    // Nobody reads it: the wrapper waits there, registered, and has seen that the run is open.
    execFileSync('mkfifo', [join(cgroup, 'cgroup.procs')]);
    const started = startWrapped('1.1', 'program 5000', ['echo', 'executed'], cgroup);
    await registered('1.1');
    expect(await clean()).toEqual([`ended 1.1 ${started.pid}`]);
    await started.exit;
    expect(started.output()).toBe('');
  });
});

// `ps` stands in for /proc where there is none.
describe.each(['linux', 'darwin'] as const)('the cleaner on %s', (platform) => {
  const begin = (name: string, record: string, script: string): Started =>
    startWrapped(name, record, ['sh', '-c', script], '-', platform);

  it('asks programs, kills what is left after its own time, and removes the run', async () => {
    const obedient = begin('1.1', 'program 60000', 'echo up; exec sleep 60');
    const stubborn = begin('2.1', 'program 300', `trap 'echo asked' TERM; echo up; while :; do sleep 0.05; done`);
    const slave = begin('3.1', 'slave 300', `trap 'echo asked' TERM; echo up; while :; do sleep 0.05; done`);
    for (const started of [obedient, stubborn, slave]) await says(started, 'up');
    const told = await clean('remove', platform);
    expect(told.toSorted()).toEqual([
      `ended 1.1 ${obedient.pid}`,
      `killed 2.1 ${stubborn.pid}`,
      `killed 3.1 ${slave.pid}`,
    ]);
    expect(await obedient.exit).toEqual([null, 'SIGTERM']);
    expect(await stubborn.exit).toEqual([null, 'SIGKILL']);
    expect(await slave.exit).toEqual([null, 'SIGKILL']);
    expect(stubborn.output()).toContain('asked');
    expect(slave.output()).toBe('up\n');
    expect(existsSync(run)).toBe(false);
  });

  it('kills the group of a process that is gone at once', async () => {
    const leader = begin('1.1', 'program 60000', `(trap '' TERM; echo up; exec sleep 60 >&2) & sleep 0.01; read -r x`);
    await says(leader, 'up');
    await expect.poll(() => leader.child.exitCode).not.toBeNull();
    expect(await clean('remove', platform)).toEqual([`ended 1.1 ${leader.pid}`]);
    await leader.exit;
  });

  it('signals nobody who has got the number of an old process, nor everybody', async () => {
    const other = start('sh', ['-c', 'echo up; exec sleep 60']);
    await says(other, 'up');
    writeFileSync(join(run, '1.1'), `program 0\n${other.pid} 1\n`);
    for (const [index, pid] of ['', '0', '1x', '-5'].entries())
      writeFileSync(join(run, `${index + 2}.1`), `program 0\n${pid} 1\n`);
    writeFileSync(join(run, '9.1'), 'program 0\n');
    expect(await clean('remove', platform)).toEqual([`ended 1.1 ${other.pid}`]);
    expect(startTimeOf(other.pid)).toBeDefined();
  });
});

it.each(['09', '12x', '99999999999999999999', '$(touch x)', 'a[$(touch x)]', ''])(
  'the cleaner ends at once what may run for "%s" milliseconds, and all else',
  async (limit) => {
    const stubborn = `trap '' TERM; echo up; while :; do sleep 0.05; done`;
    const started = ['1.1', '2.1'].map((name) => startWrapped(name, 'program 300', ['sh', '-c', stubborn]));
    for (const each of started) await says(each, 'up');
    await registered('1.1');
    const [, identity = ''] = readFileSync(join(run, '1.1'), 'utf8').split('\n');
    writeFileSync(join(run, '1.1'), `program ${limit}\n${identity}\n`);
    expect((await clean()).toSorted()).toEqual([`killed 1.1 ${started[0]!.pid}`, `killed 2.1 ${started[1]!.pid}`]);
    expect(existsSync(run)).toBe(false);
  },
);

it('the cleaner asks and kills also where it cannot write', async () => {
  const started = startWrapped('1.1', 'program 300', [
    'sh',
    '-c',
    `trap 'echo asked' TERM; echo up; while :; do sleep 0.05; done`,
  ]);
  await says(started, 'up');
  symlinkSync(join(base, 'missing/file'), join(run, 'asked.1.1'));
  expect(await clean()).toEqual([`killed 1.1 ${started.pid}`]);
  await started.exit;
  expect(started.output().split('asked')).toHaveLength(2);
});

it('the cleaner keeps the lock of a fleet that has a name, and nothing else', async () => {
  writeFileSync(join(run, 'owner'), '{}');
  writeFileSync(join(run, 'cgroup'), '/sys/fs/cgroup/half-a-pa');
  appendFileSync(join(run, '1.1'), 'program 5\n');
  writeFileSync(join(run, 'feed-1.1'), '');
  await clean('keep');
  expect(execFileSync('ls', ['-A', run], { encoding: 'utf8' })).toBe('owner\n');
});

it('what cannot be told from another process keeps its entry, and is not signalled', async () => {
  const other = start('sh', ['-c', 'echo up; exec sleep 60']);
  await says(other, 'up');
  writeFileSync(join(run, '1.1'), `program 0\n${other.pid} 1\n`);
  // Without a `ps` that says anything nobody knows whose number it is.
  const script = cleanerScript('darwin').replaceAll('ps -', 'true -');
  const cleaner = start('/bin/sh', ['-c', script, 'sh', run, 'now', 'remove']);
  expect(await cleaner.exit).toEqual([1, null]);
  expect(cleaner.output()).toBe(`stuck 1.1 ${other.pid}\n`);
  expect(existsSync(join(run, '1.1'))).toBe(true);
  expect(startTimeOf(other.pid)).toBeDefined();
});
