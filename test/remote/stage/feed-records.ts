import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judge } from '../../faults/feed/judge.js';
import { readRecords, type Records } from '../../faults/feed/records.js';
import type { Disk } from './disk.js';
import type { ToldLine } from './told.js';

/** What became of the items of a queue group whose members are on several hosts. */
export interface FeedVerdict {
  readonly flaws: string[];
  /** How many were handed out. */
  readonly items: number;
  /** Outcomes by kind: `done`, `lost` and so on. */
  readonly outcomes: Readonly<Record<string, number>>;
}

/**
 * Compares the ledgers of the feeder and of all consumers (fixtures/application/items.mjs) with each other and with what
 * their master told, by the rules of test/faults/feed.
 */
export function judgeFeed(disks: readonly Disk[], folder: string, told: readonly ToldLine[]): FeedVerdict {
  const records = collect(disks, folder, told);
  const entries = records.feeders.flatMap((feeder) => feeder.entries.map(({ words }) => words));
  const items = Math.max(0, ...entries.filter(([what]) => what === 'out').map(([, number]) => Number(number)));
  const kinds = entries.flatMap(([what, , kind]) => (what === 'done' ? ['done'] : what === 'fail' ? [kind!] : []));
  const outcomes: Record<string, number> = {};
  for (const kind of kinds) outcomes[kind] = (outcomes[kind] ?? 0) + 1;
  return { flaws: judge(withLosses(records), { items, itemTimeout: 0 }), items, outcomes };
}

/** The judge reads one folder. */
function collect(disks: readonly Disk[], folder: string, told: readonly ToldLine[]): Records {
  const together = mkdtempSync(join(tmpdir(), 'da-feed-'));
  try {
    for (const { name, text } of disks.flatMap((disk) => disk.read(`${folder}/{feeder,consumer}-*`)))
      writeFileSync(join(together, name), text);
    const lines = told.map(({ us, what, text }) => `${us} ${what} ${text}\n`);
    writeFileSync(join(together, 'told-0'), lines.join(''));
    return readRecords(together);
  } finally {
    rmSync(together, { recursive: true });
  }
}

/**
 * Of a host that is out of reach nobody hears how its processes ended: for the others they were killed, also those that
 * ended in order.
 */
function withLosses(records: Records): Records {
  const told = new Map(
    [...records.told].map(([name, each]) => [name, isLost(each.exit) ? { ...each, exit: 'lost null SIGKILL' } : each]),
  );
  const lost = new Set([...told.values()].filter(({ exit }) => isLost(exit)).map(({ name }) => name));
  const consumers = records.consumers.map((each) => (lost.has(each.name) ? { ...each, ended: false } : each));
  return { ...records, told, consumers };
}

function isLost(exit: string): boolean {
  return exit.startsWith('lost ');
}
