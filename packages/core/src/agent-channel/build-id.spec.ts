import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildOf, compareBuilds } from './build-id.js';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'da-test-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function put(files: Readonly<Record<string, string>>, root = folder): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

const APPLICATION = { 'dist/main.js': 'run()', 'dist/app/app.module.js': 'module', 'dist/app/users.js': 'users' };
const build = (): string => buildOf(join(folder, 'dist/main.js'));

describe('the build of an application', () => {
  it('is another when any of its scripts is', () => {
    put(APPLICATION);
    const before = build();
    expect(before).toMatch(/^[0-9a-f]{16}$/);
    put({ 'dist/app/users.js': 'more users' });
    expect(build()).not.toBe(before);
    put(APPLICATION);
    expect(build()).toBe(before);
    put({ 'dist/app/new.js': '' });
    expect(build()).not.toBe(before);
  });

  it('does not depend on where it is, when it was written, and what else is there', () => {
    put(APPLICATION);
    const before = build();
    utimesSync(join(folder, 'dist/main.js'), 1, 1);
    put({
      'dist/app/users.d.ts': 'types',
      'dist/node_modules/x/index.js': 'x',
      'dist/.cache/y.js': 'y',
      'src/z.js': 'z',
    });
    expect(build()).toBe(before);
    put(APPLICATION, join(folder, 'elsewhere'));
    expect(buildOf(join(folder, 'elsewhere/dist/main.js'))).toBe(before);
    expect(buildOf(join(folder, 'dist/main'))).toBe(before);
  });

  it('is another for another entry script of the same folder', () => {
    put({ ...APPLICATION, 'dist/other.js': 'other' });
    expect(buildOf(join(folder, 'dist/other.js'))).not.toBe(build());
  });

  it('looks at 500 scripts, and does not follow for ever', () => {
    put(APPLICATION);
    put(Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`dist/many/${1000 + i}.js`, ''])));
    const before = build();
    put({ 'dist/many/1599.js': 'changed' });
    expect(build()).toBe(before);
    put({ 'dist/many/1000.js': 'changed' });
    expect(build()).not.toBe(before);
  });

  it('is unknown when there is no such script', () => {
    expect(build()).toBe('');
  });
});

describe('builds of master and agent', () => {
  it.each([
    ['a', 'a'],
    ['', 'a'],
    ['a', ''],
  ])('%j and %j: nothing to say', (own, theirs) => {
    expect(compareBuilds(own, theirs)).toBeUndefined();
  });

  it('that differ are named', () => {
    expect(compareBuilds('a', 'b')).toBe("The application there is not the same: build b differs from the master's a");
  });
});
