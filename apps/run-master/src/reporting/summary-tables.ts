import Table from 'cli-table3';
import type { DuplicateSummary, ExtensionSummary, ShardSummary } from '../store/summary.js';
import { count, shortPath, size } from './format.js';

const PATH_LENGTH = 56;

export function shardTable(shards: ShardSummary[]): string {
  const table = tableOf(['Shard', 'Text files', 'Lines', 'Words', 'Size', 'Seconds'], 1);
  for (const { shard, texts, lines, words, bytes, seconds } of shards) {
    table.push([shard, count(texts), count(lines), count(words), size(bytes), seconds.toFixed(1)]);
  }
  const sum = (field: 'texts' | 'lines' | 'words' | 'bytes') =>
    shards.reduce((total, shard) => total + shard[field], 0);
  const seconds = Math.max(0, ...shards.map((shard) => shard.seconds));
  table.push([
    'all',
    count(sum('texts')),
    count(sum('lines')),
    count(sum('words')),
    size(sum('bytes')),
    seconds.toFixed(1),
  ]);
  return table.toString();
}

export function extensionTable(extensions: ExtensionSummary[]): string {
  const table = tableOf(['Most lines', 'Text files', 'Lines', 'Size'], 1);
  for (const { extension, files, lines, bytes } of extensions) {
    table.push([shortPath(extension || '(none)', 12), count(files), count(lines), size(bytes)]);
  }
  return table.toString();
}

export function duplicateTable(duplicates: DuplicateSummary[]): string {
  const table = tableOf(['Most wasteful copies', 'Copies', 'Size of one'], 1);
  for (const { path, copies, bytes } of duplicates) {
    table.push([shortPath(path, PATH_LENGTH), count(copies), size(bytes)]);
  }
  return table.toString();
}

/** The first `leftColumns` columns hold text, the others figures. */
function tableOf(head: string[], leftColumns: number): InstanceType<typeof Table> {
  const colAligns = head.map((_, column) => (column < leftColumns ? 'left' : 'right') as 'left' | 'right');
  return new Table({ head, colAligns, style: { head: [], border: [], compact: true } });
}
