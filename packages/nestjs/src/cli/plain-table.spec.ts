import { describe, expect, it } from 'vitest';
import { plainTable } from './plain-table.js';

const ROWS = [
  ['First', '1', 'running'],
  ['Größe', '123', '-'],
];

describe('a table without rules', () => {
  it('has columns of one width, numbers at the right', async () => {
    expect(await plainTable(['GROUP', 'N', 'STATE'], ROWS, ['N'])).toEqual([
      'GROUP    N  STATE',
      'First    1  running',
      'Größe  123  -',
    ]);
  });

  it('is the same where the widths of letters have to be looked up', async () => {
    const wide = await plainTable(['GROUP', 'N', 'STATE'], [...ROWS, ['日本', '2', 'x']], ['N']);
    expect(wide).toEqual(['GROUP    N  STATE', 'First    1  running', 'Größe  123  -', '日本     2  x']);
  });

  it('may have no rows', async () => {
    expect(await plainTable(['A', 'B'], [])).toEqual(['A  B']);
  });
});
