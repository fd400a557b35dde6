import { describe, expect, it } from 'vitest';
import { resolveGroup } from '../config/resolve-group.js';
import { group } from '../testing/process-specs.js';
import { commandLine } from './command-line.js';
import type { GroupOptions } from '../config/group-config.js';

const OWN = { execPath: '/usr/bin/node', execArgv: [], script: '/srv/dist/main.js' };

function lineOf(options: Partial<GroupOptions>, execArgv: string[] = []): string[] {
  const { file, args } = commandLine(resolveGroup(group(options)), { ...OWN, execArgv });
  return [file, ...args];
}

describe('commandLine', () => {
  it("runs the master's own script with the command", () => {
    expect(lineOf({ command: 'app:test' })).toEqual(['/usr/bin/node', '/srv/dist/main.js', 'app:test']);
  });

  it('a command with blanks and quotes is one argument of a console', () => {
    expect(lineOf({ command: `say "a b"; $X` }).at(-1)).toBe(`say "a b"; $X`);
  });

  it('resolves another console against the working directory of the group', () => {
    expect(lineOf({ console: 'dist/other.js', path: '/srv/app' })[1]).toBe('/srv/app/dist/other.js');
    expect(lineOf({ console: '/opt/other.js', path: '/srv/app' })[1]).toBe('/opt/other.js');
  });

  it("inherits the options of the master's node, but not the debugger's port", () => {
    const options = ['--max-old-space-size=100', '--inspect=9229', '--inspect-brk', '--enable-source-maps'];
    expect(lineOf({}, options).slice(1, 3)).toEqual(['--max-old-space-size=100', '--enable-source-maps']);
  });

  it('inherits none for another program', () => {
    expect(lineOf({ binPath: '/usr/bin/bun' }, ['--enable-source-maps'])).toEqual([
      '/usr/bin/bun',
      '/srv/dist/main.js',
      'work',
    ]);
  });

  it('a program of its own is split into words', () => {
    expect(lineOf({ console: false, command: `sh -c 'exit 3'` })).toEqual(['sh', '-c', 'exit 3']);
  });

  it('bin_path comes before a program of its own', () => {
    expect(lineOf({ console: false, binPath: '/usr/bin/python3', command: '-u "my script.py"' })).toEqual([
      '/usr/bin/python3',
      '-u',
      'my script.py',
    ]);
  });
});
