/** V8 gives texts of 128 KiB and more pages of their own, which it takes from the system and gives back each time. */
const BLOCK = 16_384;

/** Where a block of whole lines ends, of those that begin at `start`: after its last newline. */
export function blockEnd(lines: string, start: number): number {
  const newline = lines.indexOf('\n', start + BLOCK);
  return newline === -1 ? lines.length : newline + 1;
}
