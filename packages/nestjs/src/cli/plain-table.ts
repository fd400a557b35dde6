/** Lines between cells would be all that one sees in a terminal. */
const CHARACTERS = Object.fromEntries(
  ['top', 'bottom'].flatMap((side) => ['', '-mid', '-left', '-right'].map((part) => [`${side}${part}`, ''])),
);
const PLAIN = {
  ...CHARACTERS,
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Latin letters and ASCII: each takes one column of a terminal. */
const ONE_COLUMN_EACH = /^[ -~\u00A1-\u02FF]*$/u;

interface Columns {
  readonly head: readonly string[];
  readonly isNumber: readonly boolean[];
}

/**
 * Lines of a table without rules.
 *
 * cli-table3 knows how wide any text is; for 2,400 cells that takes it 136 ms, so it is asked only where
 * there is text of which that is not plain.
 *
 * @param numbers columns that are aligned at the right
 */
export async function plainTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly string[] = [],
): Promise<string[]> {
  const columns = { head, isNumber: head.map((column) => numbers.includes(column)) };
  const isPlain = rows.every((row) => row.every((cell) => ONE_COLUMN_EACH.test(cell)));
  const lines = isPlain ? alignedLines(columns, rows) : await cliTableLines(columns, rows);
  return lines.map((line) => line.trimEnd());
}

function alignedLines({ head, isNumber }: Columns, rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => all.reduce((width, row) => Math.max(width, row[column]!.length), 0));
  const align = (cell: string, column: number): string =>
    isNumber[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!);
  return all.map((row) => row.map(align).join(PLAIN.middle));
}

async function cliTableLines({ head, isNumber }: Columns, rows: readonly (readonly string[])[]): Promise<string[]> {
  const { default: Table } = await import('cli-table3');
  const style = { head: [], border: [], 'padding-left': 0, 'padding-right': 0 };
  const colAligns = isNumber.map((right) => (right ? ('right' as const) : ('left' as const)));
  const table = new Table({ head: [...head], chars: PLAIN, style, colAligns });
  table.push(...rows.map((row) => [...row]));
  return table.toString().split('\n');
}
