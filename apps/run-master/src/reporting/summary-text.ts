import type { ShardSummary, Summary, Totals } from '../store/summary.js';
import { count, size } from './format.js';
import { duplicateTable, extensionTable, shardTable } from './summary-tables.js';

const ROWS = 5;

/** All that is to be said at the end of a run that began at `sinceMs`, ended by a newline. Empty when nothing was counted. */
export function summaryText(summary: Summary, sinceMs: number): string {
  const shards = summary.shards(sinceMs);
  if (shards.length === 0) return '';
  const parts = [shardTable(shards)];
  if (shards.some(({ texts }) => texts > 0)) parts.push(extensionTable(summary.topExtensions(ROWS)));
  const duplicates = summary.topDuplicates(ROWS);
  if (duplicates.length > 0) parts.push(duplicateTable(duplicates));
  parts.push(closingLines(summary.totals(), shards));
  return `\n${parts.join('\n')}\n`;
}

function closingLines(totals: Totals, shards: ShardSummary[]): string {
  const lines = [
    `Copies of other files: ${count(totals.duplicates)} (${size(totals.duplicateBytes)}).`,
    `Left out: ${count(totals.binary)} binary, ${count(totals.unreadable)} unreadable.`,
  ];
  const finished = shards.filter(({ state }) => state === 'done').length;
  if (finished < shards[0]!.shardCount) lines.push('Not all files were counted: start again to go on.');
  return lines.join('\n');
}
