import { openSync, readFileSync, writeSync } from 'node:fs';

const NUMBER_BYTES = 8;

/** Rows of numbers in a file, each written at once: what a killed process has written stays. */
export class LedgerFile {
  private readonly file: number;
  private readonly row: Float64Array;

  constructor(path: string, columns: number) {
    this.file = openSync(path, 'a');
    this.row = new Float64Array(columns);
  }

  append(...row: number[]): void {
    this.row.set(row);
    writeSync(this.file, this.row);
  }
}

/** All rows of a ledger; one that was cut off is none. */
export function readLedger(path: string, columns: number): number[][] {
  const bytes = readFileSync(path);
  const rows: number[][] = [];
  const rowBytes = columns * NUMBER_BYTES;
  for (let start = 0; start + rowBytes <= bytes.length; start += rowBytes) {
    rows.push(Array.from({ length: columns }, (_, index) => bytes.readDoubleLE(start + index * NUMBER_BYTES)));
  }
  return rows;
}
