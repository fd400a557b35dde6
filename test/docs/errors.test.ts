import { glob, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const CODE = /readonly code(?:: string)? = '([A-Z_]+)'/gu;

it('documents every error code, and no other', async () => {
  const thrown: string[] = [];
  for await (const path of glob('packages/*/src/**/*.ts')) {
    for (const [, code = ''] of (await readFile(path, 'utf8')).matchAll(CODE)) thrown.push(code);
  }
  const documented = [...(await readFile('docs/errors.md', 'utf8')).matchAll(/^\| `([A-Z_]+)`/gmu)].map(
    ([, code]) => code,
  );
  expect(documented.toSorted()).toEqual(thrown.toSorted());
});

it('has a remedy for every error of a host in the guide', async () => {
  const codesOf = async (page: string): Promise<string[]> =>
    [...(await readFile(page, 'utf8')).matchAll(/^\|.*`(HOST_[A-Z_]+)`/gmu)].map(([, code = '']) => code).toSorted();
  expect(await codesOf('docs/several-machines.md')).toEqual(await codesOf('docs/errors.md'));
});
