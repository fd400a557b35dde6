import { readdirSync, renameSync, rmSync, statSync, type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Whether a path leads to just this file. */
export function isStillAt(path: string, { dev, ino }: Stats): boolean {
  const there = statSync(path, { throwIfNoEntry: false });
  return there?.dev === dev && there.ino === ino;
}

/** Renames a log file to `<path>.<day>.<n>`, and removes the oldest of these when there are more than `keep`. */
export function rotateFile(path: string, { day, keep }: { day: string; keep: number }): void {
  const numbers = olderFiles(path).flatMap((each) => (each.day === day ? each.number : []));
  const number = Math.max(0, ...numbers) + 1;
  renameSync(path, `${path}.${day}.${number}`);
  const older = olderFiles(path);
  for (const { name } of older.slice(0, Math.max(0, older.length - keep)))
    rmSync(join(dirname(path), name), { force: true });
}

interface OlderFile {
  readonly name: string;
  readonly day: string;
  readonly number: number;
}

/** The oldest first. */
function olderFiles(path: string): OlderFile[] {
  const start = `${basename(path)}.`;
  const found = readdirSync(dirname(path)).flatMap((name) => {
    const [, day = '', number = ''] = /^(\d{4}-\d\d-\d\d)\.(\d{1,9})$/u.exec(name.slice(start.length)) ?? [];
    return name.startsWith(start) && day !== '' ? [{ name, day, number: Number(number) }] : [];
  });
  return found.toSorted((a, b) => a.day.localeCompare(b.day) || a.number - b.number);
}
