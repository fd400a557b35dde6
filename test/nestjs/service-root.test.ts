import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../setup/temporary-folder.js';
import { runToEnd } from '../setup/run-to-end.js';
import { isAlive, procFile } from '../support/processes.js';
import { groups, ServiceHost } from './harness/service.js';

const LOOPS = groups({ Loops: 'app:loop' });
const NOBODY = 65_534;
const SOCKET = 'control.sock';

beforeAll(() => {
  if (process.getuid?.() !== 0) throw new Error('These tests are about root: run them as root');
});

async function make(yaml: object = LOOPS): Promise<ServiceHost> {
  const folder = await temporaryFolder();
  // A temporary folder is its owner's alone.
  chmodSync(folder, 0o755);
  // The run directory of a user without a session is there.
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  chmodSync(temporary, 0o1777);
  return ServiceHost.make(yaml, { folder, env: { TMPDIR: temporary } });
}

function status(pid: number, field: string): string[] {
  const line = procFile(pid, 'status')
    .split('\n')
    .find((each) => each.startsWith(`${field}:`));
  return (line ?? '').split(/\s+/u).slice(1).filter(Boolean);
}

function environmentOf(pid: number): Record<string, string> {
  const pairs = procFile(pid, 'environ').split('\0').filter(Boolean);
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

describe('a service that root starts', () => {
  it('has to have a user', async () => {
    const host = await make();
    for (const args of [[], ['--no-detach'], ['--group', 'nogroup']]) {
      const { code, stderr } = await host.runMaster('--service', ...args);
      expect(code).toBe(64);
      expect(stderr).toContain('As root a service needs --user');
    }
    expect(existsSync(join(host.folder, 'var'))).toBe(false);
  });

  it.each([
    [['--user', 'nobdy'], '--user: there is no user "nobdy" on this machine (did you mean "nobody"?)'],
    [
      ['--user', 'nobody', '--group', 'nogrop'],
      '--group: there is no group "nogrop" on this machine (did you mean "nogroup"?)',
    ],
    [['--user', '-1'], '--user: there is no user "-1" on this machine'],
    [['--user', 'a:b'], '--user: there is no user "a:b" on this machine'],
    [['--user', '4000000000'], '--user: there is no user "4000000000" on this machine: give --group as well'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await (await make()).runMaster('--service', ...args);
    expect(code).toBe(64);
    expect(stderr).toContain(message);
  });

  it("becomes its user, without any other group, in its home, and its files are that user's", async () => {
    const host = await make();
    const started = await host.runMaster('--service', '--user', 'nobody', '--log', 'logs/deep/x.log');
    expect(started.stderr).toBe('');
    expect(started).toMatchObject({ code: 0 });
    const { pid } = host;
    await host.says('turn', 'logs/deep/x.log');
    const slave = host.processes.find(({ command }) => command.includes('app:loop'))!.pid;
    for (const each of [pid, slave]) {
      expect(status(each, 'Uid')).toEqual(Array(4).fill(String(NOBODY)));
      expect(status(each, 'Gid')).toEqual(Array(4).fill(String(NOBODY)));
      expect(status(each, 'Groups').filter((group) => group !== String(NOBODY))).toEqual([]);
      expect(environmentOf(each)).toMatchObject({ USER: 'nobody', LOGNAME: 'nobody', HOME: '/nonexistent' });
      expect(environmentOf(each)).not.toHaveProperty('XDG_RUNTIME_DIR');
    }
    for (const path of ['var', 'var/my-app.pid', 'logs', 'logs/deep', 'logs/deep/x.log'])
      expect([path, statSync(join(host.folder, path)).uid]).toEqual([path, NOBODY]);
    expect(statSync(host.folder).uid).toBe(0);
    expect(await host.runMaster('--stop')).toMatchObject({ code: 0 });
    expect(isAlive(pid)).toBe(false);
  });

  it('may be given by ids, and may be root', async () => {
    const host = await make();
    expect(await host.runMaster('--service', '--user', '54321', '--group', '54322')).toMatchObject({ code: 0 });
    expect(status(host.pid, 'Uid')[0]).toBe('54321');
    expect(status(host.pid, 'Gid')[0]).toBe('54322');
    expect(await host.runMaster('--stop')).toMatchObject({ code: 0 });
    const root = await make();
    expect(await root.runMaster('--service', '--user', 'root')).toMatchObject({ code: 0 });
    expect(status(root.pid, 'Uid')[0]).toBe('0');
  });

  it('in the foreground becomes its user as well', async () => {
    const host = await make();
    const script = `"$@" & wait $!`;
    const running = runToEnd(
      'sh',
      [
        '-c',
        script,
        'sh',
        process.execPath,
        host.program,
        'run-master',
        '--service',
        '--no-detach',
        '--user',
        'nobody',
      ],
      {
        cwd: host.folder,
        env: host.env,
      },
    );
    await host.appears('var/my-app.pid');
    expect(status(host.pid, 'Uid')).toEqual(Array(4).fill(String(NOBODY)));
    expect(await host.runMaster('--stop')).toMatchObject({ code: 0 });
    expect((await running).stdout).toContain('[app:loop/1/1]');
  });

  it('writes with the rights of its user: a link that this one has laid leads root nowhere', async () => {
    const host = await make();
    mkdirSync(join(host.folder, 'var'));
    chownSync(join(host.folder, 'var'), NOBODY, NOBODY);
    const secret = host.path('secret');
    writeFileSync(secret, 'of root\n', { mode: 0o600 });
    symlinkSync(secret, host.path('var/my-app.log'));
    const { code, stderr } = await host.runMaster('--service', '--user', 'nobody');
    expect(code).toBe(1);
    expect(stderr).toContain('The log var/my-app.log cannot be written: EACCES');
    expect(readFileSync(secret, 'utf8')).toBe('of root\n');
    expect(lstatSync(secret).uid).toBe(0);
    expect(await host.runMaster('--service', '--user', 'nobody', '--log', 'x.log')).toMatchObject({ code: 1 });
    chownSync(join(host.folder, 'var'), 0, 0);
    const denied = await host.runMaster('--service', '--user', 'nobody', '--log', '/dev/null');
    expect(denied).toMatchObject({ code: 1 });
    expect(denied.stderr).toContain('The pid file var/my-app.pid cannot be written: EACCES');
  });

  it('makes no folder where its user has a link that leads root elsewhere', async () => {
    const host = await make();
    const [home, other] = [host.path('home'), host.path('etc')];
    mkdirSync(home);
    mkdirSync(other);
    chownSync(home, NOBODY, NOBODY);
    symlinkSync(other, join(home, 'var'));
    const { code, stderr } = await host.runMaster('--service', '--user', 'nobody', '--log', 'home/var/log/x.log');
    expect(code).toBe(1);
    expect(stderr).toContain(
      `since ${home} does not belong to root: make ${home}/var/log first. Give another by --log`,
    );
    expect(readdirSync(other)).toEqual([]);
  });
});

describe('the user of a service', () => {
  it('makes root end no other master by its pid file', async () => {
    const [root, host] = [await make(), await make()];
    const pid = await root.start();
    const file = host.path('var/my-app.pid');
    writeFileSync(file, root.read('var/my-app.pid'));
    for (const path of [dirname(file), file]) chownSync(path, NOBODY, NOBODY);
    expect(await host.runMaster('--stop')).toMatchObject({ code: 1 });
    expect(await host.runCommand('master:stop')).toMatchObject({ code: 1 });
    expect(isAlive(pid)).toBe(true);
    expect(root.read()).not.toContain('topping');
  });

  it('makes root end no other master by its control socket', async () => {
    const [root, host] = [await make(), await make()];
    const pid = await root.start();
    expect(await host.runMaster('--service', '--user', 'nobody')).toMatchObject({ code: 0 });
    const [socket = '', ofRoot = ''] = [host, root].map((each) =>
      join(each.read('var/my-app.pid').split('\n')[2]!, SOCKET),
    );
    rmSync(socket);
    symlinkSync(ofRoot, socket);
    const { code, stderr } = await host.runCommand('master:stop');
    expect(stderr).toContain(`Another master is meant: this one has the pid ${pid}`);
    expect(code).toBe(1);
    expect(isAlive(pid)).toBe(true);
    expect(await host.runMaster('--stop')).toMatchObject({ code: 0 });
  });
});

it("a user's --user is ignored with a warning", async () => {
  const host = await make();
  chownSync(host.folder, NOBODY, NOBODY);
  const command = [process.execPath, host.program, 'run-master', '--service', '--user', 'root'];
  const { code, stderr } = await runToEnd('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', ...command], {
    cwd: host.folder,
    env: host.env,
  });
  expect(stderr).toContain('--user and --group are ignored: only root can become another');
  expect(code).toBe(0);
  expect(status(host.pid, 'Uid')[0]).toBe(String(NOBODY));
});
