import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../setup/temporary-folder.js';
import { Fleet, program, slave } from '../support/fleet.js';
import { startMaster, watchdogOf } from '../support/masters.js';
import { eventually, isAlive, procFile } from '../support/processes.js';
import { freeBytes, tinyDisk } from '../support/tiny-disk.js';

const SLEEP = program(`sh -c 'echo up; exec sleep 600'`);
const USER_FOLDER = `distributed-architecture-${process.getuid!()}`;

/** Where the masters of this test have their run directory. */
async function runtimeFolder(): Promise<Record<string, string>> {
  return { XDG_RUNTIME_DIR: await temporaryFolder() };
}

/** All files of the run directory, by their paths in it. */
function filesIn({ XDG_RUNTIME_DIR: folder = '' }): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

describe('one master of a fleet', () => {
  it('refuses a second one: exit code 75, and who it is', async () => {
    const env = await runtimeFolder();
    const first = startMaster([SLEEP], { name: 'one' }, env);
    await first.says('up');
    const { code, output } = await startMaster([SLEEP], { name: 'one' }, env).end;
    expect(code).toBe(75);
    expect(output).toContain(`FLEET_RUNNING: A master of the fleet one runs already, pid ${first.pid}`);
    const other = startMaster([program('echo other')], { name: 'two' }, env);
    expect((await other.end).code).toBe(0);
    first.send('SIGTERM', 'alone');
    expect((await first.end).code).toBe(0);
  });

  it('of eight that start at the same time one runs', async () => {
    const env = await runtimeFolder();
    const masters = Array.from({ length: 8 }, () => startMaster([SLEEP], { name: 'race' }, env));
    const losers = await new Promise<number[]>((resolve) => {
      const codes: number[] = [];
      for (const { end } of masters) void end.then(({ code }) => codes.push(code!) === 7 && resolve(codes));
    });
    expect(losers).toEqual(Array.from({ length: 7 }, () => 75));
    const winner = masters.find(({ pid }) => isAlive(pid))!;
    winner.send('SIGTERM', 'alone');
    expect((await winner.end).code).toBe(0);
  });

  it('does not take another process for it, which has got its number', async () => {
    const env = await runtimeFolder();
    const dead = startMaster([SLEEP], { name: 'stale' }, env);
    await dead.says('up');
    dead.send('SIGKILL', 'alone');
    await eventually('all are gone', () => dead.size === 0);
    const lock = join(env.XDG_RUNTIME_DIR!, USER_FOLDER, 'stale/run-1/owner');
    const owner = JSON.parse(await readFile(lock, 'utf8')) as object;
    writeFileSync(lock, JSON.stringify({ ...owner, pid: process.pid }));
    expect((await startMaster([program('true')], { name: 'stale' }, env).end).code).toBe(0);
  });

  it('may follow another one in one program', async () => {
    for (const round of ['first', 'second']) {
      const fleet = await Fleet.run([program(`echo ${round}`)], { name: 'again' });
      expect(fleet.texts[0]).toBe(round);
    }
  });
});

describe('a clean end', () => {
  it('leaves the last lock of a fleet with a name and its journal of events, and its epoch grows', async () => {
    const env = await runtimeFolder();
    const epochs: number[] = [];
    for (let run = 1; run <= 3; run++) {
      expect((await startMaster([program('true')], { name: '@acme/shop' }, env).end).code).toBe(0);
      const [journal, lock = '', ...others] = filesIn(env).toSorted();
      const folder = `${USER_FOLDER}/%40acme%2Fshop`;
      expect([journal, lock, others]).toEqual([`${folder}/events.jsonl`, `${folder}/run-${run}/released`, []]);
      epochs.push(JSON.parse(await readFile(join(env.XDG_RUNTIME_DIR!, lock), 'utf8')).epoch);
    }
    expect(epochs).toEqual([...new Set(epochs)].toSorted((a, b) => a - b));
  });

  it('leaves nothing of one without a name, also when it was killed', async () => {
    const env = await runtimeFolder();
    expect((await startMaster([program('true')], {}, env).end).code).toBe(0);
    expect(readdirSync(env.XDG_RUNTIME_DIR!)).toEqual([]);
    const killed = startMaster([SLEEP], {}, env);
    await killed.says('up');
    killed.send('SIGKILL', 'alone');
    await eventually('all is gone', () => readdirSync(env.XDG_RUNTIME_DIR!).length === 0);
  });

  it('is not held up by the watchdog, which is gone as soon', async () => {
    const master = startMaster([slave('sleeps.mjs')]);
    await master.says('sleeping');
    const watchdog = await watchdogOf(master);
    master.send('SIGTERM', 'alone');
    await master.end;
    expect(isAlive(watchdog)).toBe(false);
  });
});

describe('an incarnation', () => {
  it('is in the journal as long as it runs, with process id and start time', async () => {
    const env = await runtimeFolder();
    const master = startMaster([SLEEP], { name: 'journal' }, env);
    await master.says('up');
    const entry = filesIn(env).find((file) => file.endsWith('/1.1'))!;
    const [first, second = ''] = (await readFile(join(env.XDG_RUNTIME_DIR!, entry), 'utf8')).split('\n');
    const [pid, startTime] = second.split(' ');
    expect(first).toBe('program 30000');
    await eventually('its shell has become it', () => procFile(Number(pid), 'cmdline') === 'sleep\x00600\x00');
    expect(procFile(Number(pid), 'stat').split(' ')[21]).toBe(startTime);
    master.send('SIGTERM', 'alone');
    await master.end;
    expect(filesIn(env).some((file) => file.endsWith('/1.1'))).toBe(false);
  });

  it('has the environment that it had without its wrapper', async () => {
    const variables = { PWD: '/not/so', OLDPWD: '/nor/this', EMPTY: '', 'WITH-DASH': 'x', QUOTED: `'"$(x)` };
    for (const left of [[], ['WITH-DASH']]) {
      const env = Object.fromEntries(Object.entries(variables).filter(([name]) => !left.includes(name)));
      const fleet = await Fleet.run([program(`node -p "JSON.stringify(process.env)"`, { env })]);
      expect(JSON.parse(fleet.texts[0]!)).toMatchObject(env);
    }
  });
});

describe('a run directory that cannot be trusted or written', () => {
  async function refusal(prepare: (folder: string) => Promise<unknown>): Promise<string> {
    const env = await runtimeFolder();
    await prepare(join(env.XDG_RUNTIME_DIR!, USER_FOLDER));
    const { code, output } = await startMaster([program('echo started')], { name: 'unsafe' }, env).end;
    expect(code).toBe(1);
    expect(output).not.toContain('started');
    return output;
  }

  it('is refused: a link, a file, a folder that others may write', async () => {
    const target = await temporaryFolder();
    expect(await refusal((folder) => symlink(target, folder))).toContain('RUN_DIRECTORY: The run directory');
    expect(await refusal((folder) => symlink('/nowhere', folder))).toContain('it is a link or a file, not a folder');
    expect(await refusal(async (folder) => writeFileSync(folder, ''))).toContain('it is a link or a file');
    const open = async (folder: string): Promise<void> => {
      await mkdir(folder);
      await chmod(folder, 0o770);
    };
    expect(await refusal(open)).toContain('others have rights to it (mode 770)');
    expect(readdirSync(target)).toEqual([]);
  });

  it('full: what cannot be registered is not started, and starts when there is room again', async () => {
    const disk = await tinyDisk(65_536);
    const before = process.env.XDG_RUNTIME_DIR!;
    onTestFinished(() => void (process.env.XDG_RUNTIME_DIR = before));
    process.env.XDG_RUNTIME_DIR = disk;
    const restart = { restart: 'on-failure', restartDelay: 0.5, maxRestarts: 1000 } as const;
    const fleet = new Fleet([program(`sh -c 'echo here; exit 1'`, restart)]);
    // Between two lives there is not even the room of the last entry.
    await fleet.says('Restarting in');
    const filler = join(disk, 'filler');
    writeFileSync(filler, '');
    while (freeBytes(disk) > 0) appendFileSync(filler, Buffer.alloc(4096));
    const refusal = await fleet.says('Could not be started: The run directory');
    expect(refusal).toContain('ENOSPC: no space left on device');
    expect(fleet.texts.filter((text) => text === 'here')).toHaveLength(1);
    await rm(filler);
    await fleet.says('here', 2);
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
    expect(readdirSync(disk)).toEqual([]);
  });

  it('full from the start: nothing runs', async () => {
    const disk = await tinyDisk(8192);
    expect(() => writeFileSync(join(disk, 'filler'), Buffer.alloc(65_536))).toThrow('ENOSPC');
    const { code, output } = await startMaster([program('echo started')], { name: 'full' }, { XDG_RUNTIME_DIR: disk })
      .end;
    expect(output).toContain('ENOSPC');
    expect(output).not.toContain('started');
    expect(code).toBe(1);
  });
});
