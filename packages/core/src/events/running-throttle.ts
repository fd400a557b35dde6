const WINDOW_MS = 1000;
const MOST_PER_WINDOW = 20;

/** A ping has no line. */
type Line = string | undefined;

/**
 * Bounds how often a process is reported as seen: the same line at most once a second, at most 20 reports a second.
 * Beyond that the latest line waits until `flush`.
 */
export class RunningThrottle {
  readonly #publish: (line: Line) => void;
  /** What was published within the last second, oldest first. */
  #recent: { readonly line: Line; readonly at: number }[] = [];
  #latest: { readonly line: Line } | undefined;

  constructor(publish: (line: Line) => void) {
    this.#publish = publish;
  }

  /** A line has yet to be published. */
  get waits(): boolean {
    return this.#latest !== undefined;
  }

  offer(line: Line, nowMs: number): void {
    this.#forget(nowMs);
    if (this.#recent.some((published) => published.line === line)) {
      this.#latest = undefined;
      return;
    }
    if (this.#recent.length < MOST_PER_WINDOW) this.#pass(line, nowMs);
    else this.#latest = { line };
  }

  /** Whole lines, each ended by a newline: as many as the limit allows, then the last one. */
  offerLines(lines: string, nowMs: number): void {
    let start = 0;
    while (start < lines.length && this.#latest === undefined) {
      const end = lines.indexOf('\n', start);
      this.offer(lines.slice(start, end), nowMs);
      start = end + 1;
    }
    if (start < lines.length) this.offer(lastLine(lines), nowMs);
  }

  /** Publishes the line that waits, if its time has come. */
  flush(nowMs: number): void {
    if (this.#latest !== undefined) this.offer(this.#latest.line, nowMs);
  }

  #forget(nowMs: number): void {
    if (this.#recent.length > 0) this.#recent = this.#recent.filter(({ at }) => nowMs - at < WINDOW_MS);
  }

  #pass(line: Line, at: number): void {
    this.#latest = undefined;
    this.#recent.push({ line, at });
    this.#publish(line);
  }
}

function lastLine(lines: string): string {
  return lines.slice(lines.lastIndexOf('\n', lines.length - 2) + 1, -1);
}
