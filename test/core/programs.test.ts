import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../setup/temporary-folder.js';
import { Fleet, fixture, program, slave } from '../support/fleet.js';
import { niceOf, procFile } from '../support/processes.js';

describe('programs of their own', () => {
  it('are split with quotes, without a shell', async () => {
    const fleet = await Fleet.run([program(`printf '%s|' "a b" 'c"d' e\\ f '$HOME' ''`)]);
    expect(fleet.texts).toEqual(['a b|c"d|e f|$HOME||', 'Ended']);
    expect(fleet.exitCode).toBe(0);
  });

  it('run by a shell where one is named', async () => {
    const fleet = await Fleet.run([
      program(`sh -c 'echo "it is $WHAT" | tr a-z A-Z; exit 3'`, { env: { WHAT: 'me' } }),
    ]);
    expect(fleet.texts).toEqual(['IT IS ME', 'Exited with code 3', 'Ended']);
    expect(fleet.exitCode).toBe(1);
  });

  it('run in their path', async () => {
    const path = await temporaryFolder();
    const fleet = await Fleet.run([program('pwd', { path })]);
    expect(fleet.texts[0]).toBe(path);
  });

  it('end by a signal: that is told and is a failure', async () => {
    const fleet = await Fleet.run([program(`sh -c 'kill -SEGV $$'`)]);
    expect(fleet.texts).toContain('Ended by SIGSEGV');
    expect(fleet.exitCode).toBe(1);
  });

  it('may speak the channel: a slave in Python', async () => {
    const group = slave('', { console: fixture('slave.py'), binPath: 'python3', params: { greeting: 'grüße' } });
    const fleet = new Fleet([group]);
    await fleet.says('grüße');
    expect(fleet.launcher.processes[0]?.state).toBe('running');
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
    expect(fleet.log[0]).toEqual({ origin: 'work/1/1', level: 'warn', text: 'grüße', context: 'Python' });
  });

  it('without an event loop end with the launcher: they see the end of the channel', async () => {
    const fleet = new Fleet([program(`sh -c 'echo up; cat <&3; echo over'`)]);
    await fleet.says('up');
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });
});

describe('what cannot be started', () => {
  it('fails with its reason, the others run on', async () => {
    const path = await temporaryFolder({ 'no-program': 'text' });
    await chmod(join(path, 'no-program'), 0o644);
    const fleet = await Fleet.run([
      program('no-such-program-at-all x', { name: 'Missing' }),
      program(join(path, 'no-program'), { name: 'Not executable' }),
      program('true', { name: 'No folder', path: join(path, 'missing') }),
      program('true', { name: 'A file', path: join(path, 'no-program') }),
      slave('crashes.mjs', { name: 'No node', binPath: '/no/such/node' }),
      program('', { name: 'Empty' }),
      program('nul\0byte', { name: 'NUL' }),
      program('echo fine', { name: 'Fine' }),
    ]);
    const told = (id: number): string => fleet.log.find(({ origin }) => origin.includes(`/${id}/1`))?.text ?? '';
    expect(told(1)).toBe('Could not be started: spawn no-such-program-at-all ENOENT');
    expect(told(2)).toMatch(/^Could not be started: spawn .*no-program EACCES$/);
    expect(told(3)).toBe(`Could not be started: the working directory ${path}/missing does not exist or is no folder`);
    expect(told(4)).toBe(
      `Could not be started: the working directory ${path}/no-program does not exist or is no folder`,
    );
    expect(told(5)).toBe('Could not be started: spawn /no/such/node ENOENT');
    expect(told(6)).toMatch(/^Could not be started: /);
    expect(told(7)).toMatch(/^Could not be started: /);
    expect(told(8)).toBe('fine');
    expect(fleet.exitCode).toBe(1);
    expect(fleet.events.filter((name) => name === 'master_started')).toHaveLength(1);
    expect(fleet.events.filter((name) => name.endsWith('spawn-failed'))).toHaveLength(7);
  });

  it('a console that is missing: node says so', async () => {
    const fleet = await Fleet.run([slave('no-such-file.mjs')]);
    expect(fleet.texts.join('\n')).toContain('Cannot find module');
    expect(fleet.exitCode).toBe(1);
  });
});

describe('around a slave', () => {
  it('no parameter shows in its command line or its environment', async () => {
    const fleet = new Fleet([slave('sleeps.mjs', { params: { password: 'very-secret' } })]);
    await fleet.says('sleeping');
    const { pid } = fleet.launcher.processes[0]!;
    expect(procFile(pid!, 'cmdline')).toContain('sleeps.mjs');
    expect(procFile(pid!, 'environ')).toContain('DISTRIBUTED_ARCHITECTURE_ROLE=slave');
    expect(procFile(pid!, 'cmdline') + procFile(pid!, 'environ')).not.toContain('very-secret');
  });

  it('its priority is that of the group', async () => {
    const fleet = new Fleet([slave('sleeps.mjs', { priority: 7 })]);
    await fleet.says('sleeping');
    expect(niceOf(fleet.launcher.processes[0]!.pid!)).toBe(7);
  });
});
