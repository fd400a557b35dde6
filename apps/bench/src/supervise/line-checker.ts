import { crc32 } from 'node:zlib';

export interface LineCount {
  /** Lines that came whole, each counted once. */
  readonly whole: number;
  /** Lines that begin but fail their checksum. */
  readonly cut: number;
  /** Lines of which not even the beginning came. */
  readonly lost: number;
  /** Whole lines that came after a later one of the same printer, or twice. */
  readonly misordered: number;
}

/** A line of a printer ends the log line, whatever stands before it. */
const PRINTED = /(@(\d+) (\d+) .*) ([0-9a-f]{8})$/;

/** Judges a log that line printers (fixtures/line-printer.ts) have gone through. */
export class LineChecker {
  private readonly last = new Map<string, number>();
  private rest = '';
  private whole = 0;
  private cut = 0;
  private misordered = 0;

  push(chunk: Buffer): void {
    const lines = (this.rest + chunk.toString('latin1')).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.check(line);
  }

  /** Lines of printers so far, broken ones included. */
  get seen(): number {
    return this.whole + this.cut + this.misordered;
  }

  end(expected: number): LineCount {
    if (this.rest) this.check(this.rest);
    this.rest = '';
    const { whole, cut, misordered } = this;
    return { whole, cut, misordered, lost: Math.max(0, expected - whole - cut - misordered) };
  }

  /** Lines without the printers' mark are the supervisor's own, or the second half of a cut line. */
  private check(line: string): void {
    const match = PRINTED.exec(line);
    if (!match || crc32(match[1]!) !== Number.parseInt(match[4]!, 16)) {
      if (line.includes('@')) this.cut++;
      return;
    }
    this.count(match[2]!, Number(match[3]));
  }

  private count(printer: string, number: number): void {
    const last = this.last.get(printer) ?? 0;
    if (number > last) this.whole++;
    else this.misordered++;
    this.last.set(printer, Math.max(last, number));
  }
}
