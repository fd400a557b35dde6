import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ControlClient, controlSocket, startTimeOf } from '@distributed-architecture/core';
import { describe, expect, it } from 'vitest';
import { RunningProgram } from '../setup/running-program.js';
import { repository } from '../setup/temporary-folder.js';
import { eventually, isAlive } from '../support/processes.js';
import { AS_MYSELF, groups, ServiceHost } from './harness/service.js';

const LOOPS = groups({ Loops: 'app:loop' });

describe('run-master --service', () => {
  it('returns when all runs, and stays in a session of its own, with its pid file, until it is stopped', async () => {
    const host = await ServiceHost.make(LOOPS);
    const { code, stdout, stderr } = await host.runMaster('--service', ...AS_MYSELF);
    expect(stderr).toBe('');
    expect(stdout).toContain(`my-app runs as a service, pid ${host.pid}, log var/my-app.log\n`);
    expect(code).toBe(0);
    const [pid, startTime, runFolder] = host.read('var/my-app.pid').split('\n');
    expect(readFileSync(`/proc/${pid}/stat`, 'latin1').split(' ')[21]).toBe(startTime);
    expect(statSync(runFolder!).isDirectory()).toBe(true);
    expect(execFileSync('ps', ['-o', 'sid=', '-p', pid!], { encoding: 'utf8' }).trim()).toBe(pid);
    expect(await readlink(`/proc/${pid}/fd/0`)).toBe('/dev/null');
    expect(await readlink(`/proc/${pid}/cwd`)).toBe(host.folder);
    await host.says('[Loops] [localhost] [app:loop/1/1] turn');
    expect(statSync(join(host.folder, 'var/my-app.log')).mode & 0o777).toBe(0o640);

    const stopped = await host.runMaster('--stop');
    expect(stopped).toMatchObject({ code: 0 });
    expect(stopped.stdout).toContain(`The master, pid ${pid}, has stopped`);
    expect(isAlive(Number(pid))).toBe(false);
    expect(existsSync(join(host.folder, 'var/my-app.pid'))).toBe(false);
    expect(host.read()).toContain('[app:loop/1/1] Ended');
  });

  it('stays when all has ended', async () => {
    const host = await ServiceHost.make(groups({ Says: 'app:say' }));
    const pid = await host.start();
    await host.says('[app:say/1/1] Ended');
    expect(isAlive(pid)).toBe(true);
    expect(await host.runMaster('--stop')).toMatchObject({ code: 0 });
  });

  it('says on stderr why it does not run, with the exit code of the configuration, and starts nothing', async () => {
    const host = await ServiceHost.make({
      groups: { First: { command: 'app:say', timeout: 'abc' }, Second: { comand: 'x' } },
    });
    const { code, stderr } = await host.runMaster('--service', ...AS_MYSELF);
    expect(code).toBe(78);
    expect(stderr).toContain('groups.First.timeout');
    expect(stderr).toContain('groups.Second.comand');
    expect(existsSync(join(host.folder, 'var'))).toBe(false);
  });

  it('says what the service itself said when it cannot run', async () => {
    const host = await ServiceHost.make(groups({ Refused: 'app:refused' }));
    const { code, stderr } = await host.runMaster('--service', ...AS_MYSELF);
    expect(code).toBe(1);
    expect(stderr).toContain('preRunCheck refused');
    expect(stderr).toContain('my-app does not run: it ended with exit code 1. Its log: var/my-app.log');
  });

  it('says what an application said that cannot boot as a service', async () => {
    const host = await ServiceHost.make(LOOPS, { main: 'service-boot-fails-main' });
    const { code, stderr } = await host.runMaster('--service', ...AS_MYSELF);
    expect(code).toBe(70);
    expect(stderr).toContain('no service of mine');
  });

  it('runs once: a second one ends with 75 and says who runs', async () => {
    const host = await ServiceHost.make(LOOPS);
    const pid = await host.start();
    const second = await host.runMaster('--service', ...AS_MYSELF);
    expect(second.code).toBe(75);
    expect(second.stderr).toContain(`pid ${pid}`);
    // By another pid file it is still the same fleet.
    const third = await host.runMaster('--service', '--pid', 'other.pid', '--log', 'other.log', ...AS_MYSELF);
    expect(third.code).toBe(75);
    expect(third.stderr).toContain(`A master of the fleet my-app runs already, pid ${pid}`);
    expect(host.pid).toBe(pid);
  });

  it('follows at once on one that was killed, ends what that has left, and nothing runs twice', async () => {
    const host = await ServiceHost.make(groups({ Loops: 'app:loop' }, { local: { instances_count: 3 } }));
    const first = await host.start();
    const before = host.processes.filter(({ command }) => command.includes('app:loop')).map(({ pid }) => pid);
    expect(before).toHaveLength(3);
    process.kill(first, 'SIGKILL');
    const second = await host.start();
    expect(second).not.toBe(first);
    const running = host.processes.filter(({ command }) => command.includes('app:loop')).map(({ pid }) => pid);
    expect(running.filter((pid) => before.includes(pid))).toEqual([]);
    expect(running.length).toBeLessThanOrEqual(3);
    expect(await host.runMaster('--stop')).toMatchObject({ code: 0 });
  });

  it('restarts on request: a successor with the configuration of that moment follows', async () => {
    const host = await ServiceHost.make(LOOPS);
    const first = await host.start();
    await host.configure(groups({ Others: 'app:loop' }));
    const { code, stdout } = await host.runCommand('master:restart', '--pid', 'var/my-app.pid');
    expect({ code, stdout }).toEqual({ code: 0, stdout: `The service runs anew, pid ${host.pid}\n` });
    expect(startTimeOf(first)).toBeUndefined();
    await host.says('[master] Restarting: everything stops, a successor follows');
    await host.says('[Others] [localhost] [app:loop/1/1] turn');
    await host.ends(first);
    expect(host.pid).not.toBe(first);
    expect(isAlive(host.pid)).toBe(true);
    expect(await host.runMaster('--stop')).toMatchObject({ code: 0 });
  });

  it('whose successor cannot run says why in its log, and is gone', async () => {
    const host = await ServiceHost.make(LOOPS);
    const first = await host.start();
    await host.configure(groups({ Refused: 'app:refused' }));
    const { code, stderr } = await host.runCommand('master:restart', '--pid', 'var/my-app.pid');
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'The successor does not run, its log says why\n' });
    await host.says('[master] The successor does not run: it ended with exit code 1');
    expect(host.read()).toContain('preRunCheck refused');
    await host.ends(first);
    expect(existsSync(join(host.folder, 'var/my-app.pid'))).toBe(false);
  });

  it('goes on when it is to be restarted with a configuration that is wrong by now', async () => {
    const host = await ServiceHost.make(LOOPS);
    const pid = await host.start();
    await host.configure({
      groups: { First: { command: 'app:say', timeout: 'abc' }, Second: { comand: 'x' } },
    });
    const { code, stderr } = await host.runCommand('master:restart', '--pid', 'var/my-app.pid');
    expect(code).toBe(78);
    expect(stderr).toContain('groups.First.timeout');
    expect(stderr).toContain('groups.Second.comand');
    const turns = host.read().split('turn').length;
    await eventually('it goes on', () => host.read().split('turn').length > turns + 2);
    expect(host.pid).toBe(pid);
    expect(host.read()).not.toContain('Restarting');
  });

  it('that is stopped while it restarts has no successor', async () => {
    const host = await ServiceHost.make(groups({ Stubborn: 'app:stubborn' }, { stop_timeout: 2 }));
    const pid = await host.start();
    await host.says('stubborn');
    const client = new ControlClient(controlSocket(host.read('var/my-app.pid').split('\n')[2]!), { pid });
    await client.restart();
    await client.stop();
    await expect(client.restart()).rejects.toThrow('Not now: the master stops');
    await host.ends(pid);
    await eventually('nothing runs', () => host.processes.length === 0);
    expect(existsSync(join(host.folder, 'var/my-app.pid'))).toBe(false);
  });

  it('ends when whoever waits for it is interrupted, and says so', async () => {
    const host = await ServiceHost.make(groups({ Checked: 'app:checks-for-ever' }), { main: 'service-main' });
    const starting = new RunningProgram(process.execPath, [host.program, 'run-master', '--service', ...AS_MYSELF], {
      cwd: host.folder,
      env: host.env,
    });
    await host.says('checking for ever');
    starting.send('SIGINT', 'alone');
    await host.says('Received SIGTERM, stopping');
    // The same signal at once would be taken for the echo of the first.
    starting.send('SIGTERM', 'alone');
    const { code, output } = await starting.end;
    expect(code).toBe(143);
    expect(output).toContain('my-app does not run: it was interrupted');
  });

  it('in which nothing happens while it starts is ended', async () => {
    const host = await ServiceHost.make(LOOPS, { main: 'service-hangs-main' });
    const { stdout } = await host.runMaster();
    expect(JSON.parse(stdout)).toMatchObject({ reason: 'nothing happened for 1 s, it was ended', said: 'I hang' });
  });
});

it('run-master --help knows all of it, with examples', async () => {
  const host = await ServiceHost.make(LOOPS);
  const { code, stdout } = await host.runMaster('--help');
  expect(code).toBe(0);
  const options = ['--service', '--no-detach', '--user <user>', '--group <group>', '--log <file>', '--pid <file>'];
  for (const option of [...options, '--stop', '--log-level <level>', '--log-format <format>'])
    expect(stdout).toContain(option);
  expect(stdout).toContain('run-master --service --user app --log /var/log/app.log');
  expect(stdout).not.toContain('--detach ');
});

describe('run-master --stop', () => {
  it('ends with 1 where none runs, also where a file of a dead one is', async () => {
    const host = await ServiceHost.make(LOOPS);
    expect(await host.runMaster('--stop')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('No master runs: there is none of var/my-app.pid') as string,
    });
    writeFileSync(host.path('var/my-app.pid'), `${process.pid}\n1\n/\n`);
    expect(await host.runMaster('--stop')).toMatchObject({ code: 1 });
    expect(isAlive(process.pid)).toBe(true);
  });

  it('gives up a master that does not end in time', async () => {
    const host = await ServiceHost.make(groups({ Stubborn: 'app:stubborn' }, { stop_timeout: 60 }));
    const pid = await host.start();
    await host.says('stubborn');
    const { code, stdout } = await host.runMaster('--stop', '--timeout', '5');
    expect(code).toBe(1);
    expect(stdout).toContain(`The master, pid ${pid}, has not ended within 7 s`);
    process.kill(pid, 'SIGTERM');
    await host.ends(pid);
  });

  it('stops a master in the foreground as well', async () => {
    const host = await ServiceHost.make(LOOPS);
    const running = new RunningProgram(process.execPath, [host.program, 'run-master'], {
      cwd: host.folder,
      env: host.env,
    });
    await running.says('[app:loop/1/1] turn');
    expect(await host.runMaster('--stop')).toMatchObject({ code: 0 });
    expect((await running.end).code).toBe(0);
  });
});

describe('signals', () => {
  it('SIGUSR1 tells what runs, SIGUSR2 replaces it, SIGHUP harms nothing', async () => {
    const host = await ServiceHost.make(LOOPS);
    const pid = await host.start();
    await host.says('turn');
    process.kill(pid, 'SIGUSR1');
    await host.says('[master] Group Loops: 1 running');
    await host.says('[master] All 1 processes: 1 running; this master: up');
    const before = host.processes.find(({ command }) => command.includes('app:loop'))!.pid;
    process.kill(pid, 'SIGUSR2');
    await host.says('Received SIGUSR2, reloading');
    await host.ends(before);
    await eventually('another process', () => host.processes.some((each) => each.command.includes('app:loop')));
    process.kill(pid, 'SIGHUP');
    process.kill(pid, 'SIGUSR1');
    await eventually('it tells again', () => host.read().split('All 1 processes').length > 2);
    expect(host.read()).not.toContain('Debugger listening');
    expect(isAlive(pid)).toBe(true);
  });

  it('SIGUSR1 ends no slave and no other command', async () => {
    const host = await ServiceHost.make(LOOPS);
    await host.start();
    await host.says('turn');
    const slave = host.processes.find(({ command }) => command.includes('app:loop'))!.pid;
    process.kill(slave, 'SIGUSR1');
    const turns = host.read().split('turn').length;
    await eventually('it goes on', () => host.read().split('turn').length > turns + 2);
    expect(isAlive(slave)).toBe(true);
    expect(host.read()).not.toContain('Debugger listening');
  });

  it('a second SIGTERM kills', async () => {
    const host = await ServiceHost.make(groups({ Stubborn: 'app:stubborn' }, { stop_timeout: 60 }));
    const pid = await host.start();
    await host.says('stubborn');
    process.kill(pid, 'SIGTERM');
    await host.says('Received SIGTERM, stopping');
    // The same signal within 200 ms is the echo of one.
    process.kill(pid, 'SIGINT');
    await host.ends(pid);
    expect(existsSync(join(host.folder, 'var/my-app.pid'))).toBe(false);
  });
});

describe('the pid file', () => {
  it('of a dead master, or of another process with its number, is replaced', async () => {
    const host = await ServiceHost.make(LOOPS);
    writeFileSync(host.path('var/my-app.pid'), `${process.pid}\n1\n/\n`);
    const pid = await host.start();
    expect(host.pid).toBe(pid);
  });

  it('that cannot be written is an error before anything is started', async () => {
    const host = await ServiceHost.make(LOOPS);
    writeFileSync(host.path('file'), '');
    const { code, stderr } = await host.runMaster('--service', '--pid', 'file/x.pid', ...AS_MYSELF);
    expect(code).toBe(1);
    expect(stderr).toMatch(/The pid file file\/x\.pid cannot be written: E(NOTDIR|EXIST)/u);
    expect(existsSync(join(host.folder, 'var'))).toBe(false);
    const log = await host.runMaster('--service', '--log', 'file/x.log', ...AS_MYSELF);
    expect(log.code).toBe(1);
    expect(log.stderr).toMatch(/The log file\/x\.log cannot be written: E(NOTDIR|EXIST)/u);
  });

  it.runIf(process.getuid?.() === 0)(
    'of a folder that is read-only is an error; a foreground master goes on',
    async () => {
      const host = await ServiceHost.make(groups({ Says: 'app:say' }));
      mkdirSync(host.path('var'));
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', host.path('var')]);
      try {
        const service = await host.runMaster('--service', '--log', 'x.log', ...AS_MYSELF);
        expect(service).toMatchObject({ code: 1 });
        expect(service.stderr).toContain('The pid file var/my-app.pid cannot be written: EROFS');
        const foreground = await host.runMaster();
        expect(foreground).toMatchObject({ code: 0 });
        expect(foreground.stdout).toContain('warn [master] The pid file var/my-app.pid cannot be written: EROFS');
        expect(foreground.stdout).toContain('console says');
        expect(await host.runMaster('--pid', 'var/x.pid')).toMatchObject({ code: 1 });
      } finally {
        execFileSync('umount', [host.path('var')]);
      }
    },
  );

  it('is written by a foreground master, too', async () => {
    const host = await ServiceHost.make(LOOPS);
    const running = new RunningProgram(process.execPath, [host.program, '--pid', 'run/x.pid'], {
      cwd: host.folder,
      env: host.env,
    });
    await running.says('turn');
    expect(host.read('run/x.pid').split('\n')[0]).toBe(String(running.pid));
    running.send('SIGTERM', 'alone');
    await running.end;
    expect(existsSync(join(host.folder, 'run/x.pid'))).toBe(false);
  });
});

describe('under systemd', () => {
  const LISTENER = `
import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print('listening', flush=True)
while True: print(' | '.join(s.recv(4096).decode().split(chr(10))), flush=True)
`;

  it('says when it is ready, feeds the watchdog, says that it reloads and that it stops', async () => {
    const host = await ServiceHost.make(LOOPS);
    const socket = host.path('notify');
    const systemd = new RunningProgram('python3', ['-c', LISTENER, socket], { cwd: host.folder });
    await systemd.says('listening');
    const env = { ...host.env, NOTIFY_SOCKET: socket, WATCHDOG_USEC: '3000000' };
    const args = [host.program, 'run-master', '--service', '--no-detach', ...AS_MYSELF];
    const service = new RunningProgram(process.execPath, args, { cwd: host.folder, env });
    await systemd.says('READY=1');
    expect(systemd.output).toContain(`MAINPID=${service.pid}`);
    await service.says('[app:loop/1/1] turn');
    await systemd.says('WATCHDOG=1', 2);
    service.send('SIGUSR2', 'alone');
    await systemd.says('RELOADING=1');
    await systemd.says('READY=1', 2);
    const slave = host.processes.find(({ command }) => command.includes('app:loop'))!.pid;
    expect(readFileSync(`/proc/${slave}/environ`, 'utf8')).not.toContain('NOTIFY_SOCKET');
    service.send('SIGTERM', 'alone');
    await systemd.says('STOPPING=1');
    expect((await service.end).code).toBe(0);
    systemd.send('SIGKILL', 'alone');
    await systemd.end;
  });

  it('the unit in docs/ is one', async () => {
    const host = await ServiceHost.make(LOOPS);
    const unit = readFileSync(join(repository, 'docs/distributed-architecture.service'), 'utf8');
    // A fleet may boot for longer than the 90 s that systemd gives it.
    expect(unit).toContain('\nTimeoutStartSec=infinity\n');
    const path = host.path('my-app.service');
    writeFileSync(path, unit.replace('/usr/bin/node', process.execPath));
    chmodSync(path, 0o644);
    expect(execFileSync('systemd-analyze', ['verify', '--man=no', path], { encoding: 'utf8', stdio: 'pipe' })).toBe('');
  });
});
