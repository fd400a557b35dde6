import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { generatedTexts } from './generated.js';

it('keeps what is generated in README and docs up to date: run `npm run docs` if this fails', async () => {
  for (const [path, text] of await generatedTexts()) expect(await readFile(path, 'utf8'), path).toBe(text);
});
