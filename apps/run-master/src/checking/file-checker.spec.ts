import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.spec-helper.js';
import { FileChecker } from './file-checker.js';

async function problemOf(name: string, content: string | Uint8Array): Promise<string | undefined> {
  try {
    await new FileChecker().check(join(temporaryFolder({ [name]: content }), name));
    return undefined;
  } catch (error) {
    return String(error);
  }
}

describe('FileChecker', () => {
  it.each([
    ['a.txt', 'äöü ß € 𝄞'],
    ['empty.txt', ''],
    ['a.json', '{"a": [1, 2]}'],
    ['not json.txt', '{'],
    ['picture.json', new Uint8Array([0xff, 0, 0xff])],
    ['long.txt', '€'.repeat(200_000)],
  ])('finds nothing wrong with %s', async (name, content) => {
    expect(await problemOf(name, content)).toBeUndefined();
  });

  it.each([
    ['latin.txt', Buffer.from('größe', 'latin1'), 'Error: not valid UTF-8'],
    ['cut.txt', Buffer.from('€').subarray(0, 2), 'Error: not valid UTF-8'],
    ['latin.json', Buffer.from('"größe"', 'latin1'), 'Error: not valid UTF-8'],
  ])('finds what is wrong with %s', async (name, content, problem) => {
    expect(await problemOf(name, content)).toBe(problem);
  });

  it.each(['tsconfig.json', 'a.js.map', 'empty.json'])('finds that %s is no JSON', async (name) => {
    expect(await problemOf(name, name === 'empty.json' ? '' : '{ // comment\n}')).toMatch(/^SyntaxError: /);
  });

  it('throws when the file is gone', async () => {
    await expect(new FileChecker().check(join(temporaryFolder(), 'gone'))).rejects.toThrow('ENOENT');
  });
});
