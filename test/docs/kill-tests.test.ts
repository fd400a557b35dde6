import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const ROW = /^\|[^|]+\| ([\w-]+\.test\.ts) +\| ([^|]+?) +\|$/gmu;

it('the kill tests that the supervision table names exist', async () => {
  const table = await readFile('docs/supervision-table.md', 'utf8');
  const rows = [...table.matchAll(ROW)].map(([, file = '', title = '']) => ({ file, title }));
  expect(rows.length).toBeGreaterThan(40);
  for (const { file, title } of rows) expect(await readFile(`test/core/${file}`, 'utf8'), file).toContain(title);
});
