import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Round } from '../faults/round.js';
import { RunningProgram } from '../setup/running-program.js';
import { repository, temporaryFolder } from '../setup/temporary-folder.js';
import { fixture, program } from '../support/fleet.js';
import { killWithWatchdog, startMaster } from '../support/masters.js';
import { childrenOf, eventually, procFile } from '../support/processes.js';

/** Two rounds are some ten masters; `node test/dist/faults/main.js --rounds 500` goes further. */
const SEEDS = [1, 2];

it.each([true, false])(
  'masters of one fleet that are killed at any moment, with all that is theirs: nothing runs twice, nothing is left (cgroups: %s)',
  async (withCgroups) => {
    for (const seed of SEEDS) expect(await new Round({ seed, lives: 2, withCgroups }).run()).toEqual([]);
  },
);

it('what a dead master left is ended also when the shell that does it is killed; nothing starts before', async () => {
  const file = join(await temporaryFolder(), 'lives');
  const group = program(`sh ${fixture('one-at-a-time.sh')} ${file} ignores`, { stopTimeout: 1.5 });
  const first = startMaster([group], { name: 'faults' });
  await first.says('up');
  await killWithWatchdog(first);
  const second = startMaster([group], { name: 'faults' });
  await second.says('ending what it has left');
  const cleaner = (): number | undefined =>
    childrenOf(second.pid).find((pid) => procFile(pid, 'cmdline').includes('\0now\0'));
  await eventually('there is a cleaner', () => cleaner() !== undefined);
  process.kill(cleaner()!, 'SIGKILL');
  await second.says('was itself ended, starting another');
  await second.says('up');
  second.send('SIGTERM', 'alone');
  expect((await second.end).code).toBe(0);
  expect((await readFile(file, 'utf8')).trim().split('\n')).toHaveLength(2);
  expect(existsSync(`${file}.met`)).toBe(false);
});

it.each(['', 'x'.repeat(300), '\u{1F4A5}'.repeat(100), '\ud800', '../..', 'a/b\n$(c)'])(
  'a fleet may have the name %j',
  async (name) => {
    const folder = await temporaryFolder();
    const env = { XDG_RUNTIME_DIR: folder };
    for (const run of [1, 2]) {
      const { code, output } = await startMaster([program(`echo run ${run}`)], { name }, env).end;
      expect([code, output.includes(`run ${run}`)]).toEqual([0, true]);
    }
    const [user = '', ...others] = readdirSync(folder);
    expect([others, readdirSync(join(folder, user)).length]).toEqual([[], 1]);
    expect(
      readdirSync(join(folder, user), { recursive: true }).filter((path) => /run-\d+$/.test(String(path))),
    ).toHaveLength(1);
  },
);

it('root has its run directory in the temporary folder where /run is read-only', async () => {
  const folder = await temporaryFolder();
  const plan = JSON.stringify({ groups: [program('echo here')], options: { name: 'read-only' } });
  const readOnly = 'mount -t tmpfs -o ro,mode=755 tmpfs /run && exec "$0" "$@"';
  const args = ['--mount', 'sh', '-c', readOnly, 'node', fixture('fleet-master.mjs'), plan];
  const env = { XDG_RUNTIME_DIR: '', TMPDIR: folder };
  const { code, output } = await new RunningProgram('unshare', args, { cwd: repository, env }).end;
  expect([code, output.includes('here')]).toEqual([0, true]);
  expect(readdirSync(folder)).toEqual([`distributed-architecture-${process.getuid!()}`]);
});

it('a message that is nested too deeply to be written again does not end the master', async () => {
  const text = "'['.repeat(1e6) + ']'.repeat(1e6) + '\\n'";
  const write = `const b = Buffer.from(${text}); for (let o = 0; o < b.length;) try { o += fs.writeSync(3, b, o) } catch (e) { if (e.code !== 'EAGAIN') throw e }`;
  const { code, output } = await startMaster([program(`node -e "${write}"`)]).end;
  expect(output).toContain('Ignored a message that is none of ours: something nested too deeply');
  expect(code).toBe(0);
});
