import { open } from 'node:fs/promises';
import type { JournalEntry } from './journal-event.js';
import { formerFile, presentFile } from './journal-files.js';

/** So many lines are looked at before others get their turn. */
const SLICE = 500;

const MOST_ENTRIES = 1000;

/** While files are read another may be begun. */
const ATTEMPTS = 5;

export interface ReadEventsOptions {
  /** Of the latest ones. Default 1000. */
  readonly limit?: number;
  /** Only of these types. */
  readonly types?: readonly string[];
  /** Only of this group. */
  readonly group?: string;
  /** Only what happened at this moment or later. */
  readonly since?: Date;
}

/**
 * Reads the journal of a fleet, also while it is written.
 *
 * @param folder of the fleet: the parent of a run's folder
 * @returns the latest events, the oldest first. Lines that are none are left out
 */
export async function readEvents(folder: string, options: ReadEventsOptions = {}): Promise<JournalEntry[]> {
  const { limit = MOST_ENTRIES, since } = options;
  const lines = await readLines(folder);
  const found: JournalEntry[] = [];
  for (let index = lines.length - 1; index >= 0 && found.length < limit; index--) {
    const entry = parse(lines[index]!);
    if (entry === undefined) continue;
    // Not the end of the search: the clock of the day may have been put back.
    if (since !== undefined && Date.parse(entry.at) < since.getTime()) continue;
    if (matches(entry, options)) found.push(entry);
    if (index % SLICE === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return found.toReversed();
}

/** Whether a reader has asked for such an entry. */
export function matches(entry: JournalEntry, { types, group }: Pick<ReadEventsOptions, 'types' | 'group'>): boolean {
  if (types !== undefined && !types.includes(entry.type)) return false;
  return group === undefined || ('group' in entry && entry.group === group);
}

async function readLines(folder: string): Promise<string[]> {
  for (let attempt = 1; ; attempt++) {
    const present = await read(presentFile(folder));
    const former = await read(formerFile(folder));
    // It was renamed between the two.
    if (present.inode !== undefined && present.inode === former.inode && attempt < ATTEMPTS) continue;
    return `${former.text}${present.text}`.split('\n');
  }
}

async function read(path: string): Promise<{ readonly text: string; readonly inode?: number }> {
  try {
    const file = await open(path);
    try {
      return { text: await file.readFile('utf8'), inode: (await file.stat()).ino };
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { text: '' };
    throw error;
  }
}

function parse(line: string): JournalEntry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isEntry(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is JournalEntry {
  const { at, epoch, seq, type } = (value ?? {}) as Partial<Record<keyof JournalEntry, unknown>>;
  return typeof at === 'string' && typeof epoch === 'number' && typeof seq === 'number' && typeof type === 'string';
}
