import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SshOptions } from '../config/group-config.js';
import { resolveDestination, type Destination } from './destination.js';
import { HostKeyBook } from './host-key-book.js';
import { ownSurroundings } from './surroundings.js';

const OTHER = 'beta ssh-ed25519 QUFBQQ==';

let home: string;
let file: string;
let log: string[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'host-keys-'));
  file = join(home, 'kept/known_hosts');
  log = [];
});

afterEach(() => rmSync(home, { recursive: true }));

function destination(hostKeyChecking: SshOptions['hostKeyChecking'] = 'accept-new'): Destination {
  const own = { ...ownSurroundings(), home, globalKnownHosts: join(home, 'none') };
  const target = { key: 'k', name: 'alpha', host: 'alpha', ssh: { knownHosts: file, hostKeyChecking } };
  return resolveDestination(target, () => ({}), own);
}

const open = (to = destination()): Promise<HostKeyBook> =>
  HostKeyBook.open(to, (level, message) => void log.push(`${level} ${message}`));

/** As it comes from the host. */
function keyOf(text: string): Buffer {
  const type = Buffer.from('ssh-ed25519');
  const size = Buffer.alloc(4);
  size.writeUInt32BE(type.length);
  return Buffer.concat([size, type, Buffer.from(text)]);
}

const line = (text: string): string => `alpha ssh-ed25519 ${keyOf(text).toString('base64')}`;

function show(book: HostKeyBook, text: string): string | undefined {
  return book.refusal(keyOf(text), book.checkOf(destination()))?.code;
}

it('a new key is added, for nobody else to read', async () => {
  expect(show(await open(), 'one')).toBeUndefined();
  expect(readFileSync(file, 'utf8')).toBe(`${line('one')}\n`);
  expect([file, join(file, '..')].map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o700]);
  expect(log).toEqual([`log Added to ${file}: ${line('one')}`]);
});

it('what others have added meanwhile stays, and a line that is there is not added again', async () => {
  const [book, slower] = [await open(), await open()];
  show(book, 'one');
  appendFileSync(file, `${OTHER}\n`);
  expect(show(slower, 'one')).toBeUndefined();
  show(slower, 'two');
  expect(readFileSync(file, 'utf8')).toBe([line('one'), OTHER, line('two'), ''].join('\n'));
  expect(log).toHaveLength(2);
});

it('a last line without an end is not lengthened', async () => {
  show(await open(), 'one');
  writeFileSync(file, OTHER);
  show(await open(), 'two');
  expect(readFileSync(file, 'utf8')).toBe(`${OTHER}\n${line('two')}\n`);
});

it('strictly, nothing is added', async () => {
  const to = destination('strict');
  const book = await open(to);
  expect(book.refusal(keyOf('one'), book.checkOf(to))?.code).toBe('HOST_KEY_UNKNOWN');
  expect(existsSync(file)).toBe(false);
});
