import { chmodSync, mkdtempSync, rmSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readSshConfig, type ConfigEntry } from './config-file.js';
import { ownSurroundings } from './surroundings.js';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'da-config-'));
  mkdirSync(join(home, '.ssh/more'), { recursive: true });
});
afterEach(() => rmSync(home, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home, '.ssh', name), text, { mode: 0o600 });
}

async function entry(host: string, user?: string): Promise<ConfigEntry> {
  const own = { ...ownSurroundings(), home, configFile: join(home, '.ssh/config') };
  return (await readSshConfig('alpha', own))(host, user);
}

it('says nothing where there is no file', async () => {
  expect(await entry('alpha')).toEqual({});
});

it('is that of the host; the first value counts, IdentityFile of all', async () => {
  write({ config: 'Host a*\n port 1\n IdentityFile x\nHost *\n Port 2\n User me\n IdentityFile y\n' });
  expect(await entry('alpha')).toMatchObject({ port: '1', user: 'me', identityfile: ['x', 'y'] });
  expect(await entry('beta')).toMatchObject({ port: '2', identityfile: ['y'] });
});

it('has the files that it includes, in their place', async () => {
  write({
    config: `Include more/*.conf ~/.ssh/third none\nHost *\n Port 9\n`,
    'more/b.conf': 'Host alpha\n Port 2\n',
    'more/a.conf': 'Host alpha\n Port 1\n',
    third: 'Host alpha\n User three\n',
  });
  expect(await entry('alpha')).toMatchObject({ port: '1', user: 'three' });
});

it('does not execute anything, nor look names up', async () => {
  write({
    config: `Match exec "touch ${join(home, 'made')}"\n Port 1\nHost *\n CanonicalizeHostname yes\n CanonicalDomains x.invalid\n Port 2\n`,
  });
  expect((await entry('alpha'))['port']).toBe('2');
});

it.each([
  ['files that include each other', { config: 'Include config\n' }, 'do files include each other?'],
  ['an open quote', { config: 'Host "a\n' }, 'cannot be read: '],
])('%s', async (_, files, text) => {
  write(files);
  await expect(entry('alpha')).rejects.toThrow(text);
});

it('is refused where others may write', async () => {
  write({ config: 'Host *\n' });
  chmodSync(join(home, '.ssh/config'), 0o620);
  await expect(entry('alpha')).rejects.toThrow('others may write it (mode 620)');
});
