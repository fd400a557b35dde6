import type { Sample } from './benchmark.js';

const MARK = 'bench-result ';

/** A measured program's way of telling: a line of its output, whatever a log puts before it. */
export function reportResult(sample: Sample): void {
  console.log(MARK + JSON.stringify(sample));
}

/** Undefined for any other line. */
export function readResult(line: string): Sample | undefined {
  const start = line.indexOf(MARK);
  return start < 0 ? undefined : (JSON.parse(line.slice(start + MARK.length)) as Sample);
}
