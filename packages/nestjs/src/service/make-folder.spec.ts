import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from './make-folder.js';

const ACCOUNT = { uid: 54_321, gid: 54_321, name: 'app', home: '/' };

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'da-test-'));
  chmodSync(root, 0o755);
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function folderOf(uid: number, name: string, mode = 0o755): string {
  const path = join(root, name);
  mkdirSync(path);
  chmodSync(path, mode);
  chownSync(path, uid, uid);
  return path;
}

function link(target: string, name: string): string {
  const path = join(root, name);
  symlinkSync(target, path);
  lchownSync(path, ACCOUNT.uid, ACCOUNT.gid);
  return path;
}

it('a folder without an account is that of whoever makes it', () => {
  const path = join(root, 'a/b');
  makeFolder(path, undefined);
  expect(statSync(path).uid).toBe(process.getuid?.());
});

describe.runIf(process.getuid?.() === 0)('a folder that root makes for an account', () => {
  it.each([0o755, 0o1777])('belongs to it, with those above that were missing: below %o of root', (mode) => {
    const path = join(folderOf(0, 'srv', mode), 'a/b/c');
    makeFolder(path, ACCOUNT);
    for (const each of [path, dirname(path), dirname(dirname(path))]) {
      expect(statSync(each)).toMatchObject({ uid: ACCOUNT.uid, gid: ACCOUNT.gid });
      expect(statSync(each).mode & 0o777).toBe(0o750);
    }
    expect(statSync(join(root, 'srv')).uid).toBe(0);
  });

  it('is made where a group that is not its own may write', () => {
    const path = folderOf(0, 'log', 0o775);
    chownSync(path, 0, 54_400);
    makeFolder(join(path, 'app'), { ...ACCOUNT, name: String(ACCOUNT.uid) });
    expect(statSync(join(path, 'app')).uid).toBe(ACCOUNT.uid);
  });

  it('is not made where the account has a link that leads elsewhere', () => {
    folderOf(ACCOUNT.uid, 'home');
    const other = folderOf(0, 'etc');
    link(other, 'home/var');
    expect(() => makeFolder(join(root, 'home/var/log'), ACCOUNT)).toThrow(
      `for app root makes no folder there, since ${root}/home does not belong to root: make ${root}/home/var/log first`,
    );
    expect(existsSync(join(other, 'log'))).toBe(false);
  });

  it('is made behind a link that root has laid', () => {
    const other = folderOf(0, 'run');
    lchownSync(link(other, 'var'), 0, 0);
    makeFolder(join(root, 'var/log'), ACCOUNT);
    expect(statSync(join(other, 'log')).uid).toBe(ACCOUNT.uid);
  });

  it('is not made behind a link of root that leads through a folder of the account', () => {
    const home = folderOf(ACCOUNT.uid, 'home');
    link(folderOf(0, 'etc'), 'home/etc');
    lchownSync(link(join(home, 'etc'), 'var'), 0, 0);
    expect(() => makeFolder(join(root, 'var/log'), ACCOUNT)).toThrow(`${home} does not belong to root`);
  });

  it('is not made behind a link of anybody else, nor behind one that leads to itself', () => {
    lchownSync(link(join(root, 'circle'), 'circle'), 0, 0);
    expect(() => makeFolder(join(root, 'circle/log'), ACCOUNT)).toThrow('ELOOP');
    const other = folderOf(0, 'etc');
    lchownSync(link(other, 'var'), 54_322, 0);
    expect(() => makeFolder(join(root, 'var/log'), ACCOUNT)).toThrow(`${root}/var is a link`);
    expect(existsSync(join(other, 'log'))).toBe(false);
  });

  it('is not made in that of another', () => {
    const other = folderOf(54_322, 'other');
    expect(() => makeFolder(join(other, 'log'), ACCOUNT)).toThrow(`${other} does not belong to root`);
  });

  it('is not made where others could exchange what is above it', () => {
    const open = folderOf(0, 'open', 0o777);
    mkdirSync(join(open, 'home'));
    expect(() => makeFolder(join(open, 'home/log'), ACCOUNT)).toThrow(`${open} may be written by everybody`);
    const shared = folderOf(0, 'shared', 0o775);
    chownSync(shared, 0, 54_400);
    mkdirSync(join(shared, 'home'));
    // Its groups are not known here: there is no such user.
    expect(() => makeFolder(join(shared, 'home/log'), ACCOUNT)).toThrow(`${shared} may be written by app`);
    expect(existsSync(join(shared, 'home/log'))).toBe(false);
  });
});
