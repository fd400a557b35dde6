import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgentTarget } from '../hosts/agent-target.js';
import { relayCommand, relayPlace, relayProblem } from './relay-command.js';
import { shellQuote } from './shell-quote.js';
import { ownSurroundings } from './surroundings.js';

const SHELLS = ['sh', 'bash', 'zsh', 'fish', 'csh', 'tcsh'].filter((shell) => {
  return spawnSync(shell, ['-c', 'exit 0']).status === 0;
});

const NASTY = String.raw`a'b"c\d\\e!f $HOME ~ * ; & | \' ü %s`;

const target: AgentTarget = { key: 'a', name: 'alpha', host: 'alpha', ssh: {} };

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'da-relay-'));
  mkdirSync(join(folder, NASTY));
  mkdirSync(join(folder, 'home'));
  writeFileSync(join(folder, NASTY, 'it.js'), 'console.log([process.cwd(), ...process.argv.slice(2)].join(" "))');
  writeFileSync(join(folder, 'home/it.js'), 'console.log(process.cwd())');
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(shell: string, place: Partial<ReturnType<typeof relayPlace>>): { stdout: string; stderr: string } {
  const whole = { path: join(folder, NASTY), binPath: process.execPath, console: 'it.js', ...place };
  const env = { PATH: process.env['PATH'], HOME: join(folder, 'home') };
  const { stdout, stderr } = spawnSync(shell, ['-c', relayCommand(whole)], { encoding: 'utf8', env });
  return { stdout, stderr };
}

describe.each(SHELLS)('with the login shell %s', (shell) => {
  it('passes any text on as one word', () => {
    expect(execFileSync(shell, ['-c', `printf %s ${shellQuote(NASTY)}`], { encoding: 'utf8' })).toBe(NASTY);
  });

  it('runs the entry script in the working directory, whatever the names are', () => {
    expect(run(shell, {})).toEqual({ stdout: `${join(folder, NASTY)} run-agent\n`, stderr: '' });
  });

  it('takes ~ for the home of the user there, and looks programs up', () => {
    expect(run(shell, { path: '~', binPath: 'node' }).stdout).toBe(`${join(folder, 'home')}\n`);
    expect(run(shell, { path: '~/../home', console: '~/it.js' }).stdout).toBe(`${join(folder, 'home')}\n`);
  });

  it.each([
    [
      { path: '/no such' },
      'HOST_PATH_MISSING',
      'alpha: no such directory: /no such. Deploy the application there, or set "path"',
    ],
    [{ binPath: '/no/node' }, 'HOST_BIN_MISSING', 'alpha: no such program: /no/node. Install it, or set "bin_path"'],
    [{ binPath: 'no-node' }, 'HOST_BIN_MISSING', 'alpha: no such program: no-node. Install it, or set "bin_path"'],
    [{ binPath: './it.js' }, 'HOST_BIN_MISSING', 'alpha: ./it.js is not executable for the user'],
    [
      { path: '/', console: 'no.js' },
      'HOST_ENTRY_MISSING',
      'alpha: no no.js in /. Build and deploy the application there, or set "console"',
    ],
  ])('says what is missing: %j', (place, code, message) => {
    const { stderr, stdout } = run(shell, place);
    const whole = { path: folder, binPath: 'node', console: 'it.js', ...place };
    expect(stdout).toBe('');
    expect(relayProblem(target, whole, `Welcome\n${stderr}`)).toMatchObject({ code, message, host: 'alpha' });
  });
});

it('finds an entry script whose extension Node adds', () => {
  expect(run('sh', { path: '~', console: 'it' }).stdout).toBe(`${join(folder, 'home')}\n`);
});

it('is the launcher again by default: its directory, its node, its entry script', () => {
  const own = { ...ownSurroundings(), cwd: '/srv/app', execPath: '/usr/bin/node', entry: '/srv/app/dist/main.js' };
  expect(relayPlace(target, own)).toEqual({ path: '/srv/app', binPath: '/usr/bin/node', console: 'dist/main.js' });
  const given = { path: '/opt/x', binPath: 'node', console: 'main.js' };
  expect(relayPlace({ ...target, ...given }, own)).toEqual(given);
});

it('takes no line breaks, and no launcher without a script', () => {
  const own = { ...ownSurroundings(), entry: undefined };
  expect(() => relayPlace({ ...target, console: 'x', path: '/a\nb' }, own)).toThrow(
    'alpha: a line break cannot be in path',
  );
  expect(() => relayPlace(target, own)).toThrow('set "console"');
});

it('leaves other words of stderr alone', () => {
  expect(relayProblem(target, { path: '/', binPath: 'x', console: 'y' }, 'Segmentation fault')).toBeUndefined();
});
