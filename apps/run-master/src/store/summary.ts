import { Injectable } from '@nestjs/common';
import { Database } from './database.js';

export interface ShardSummary {
  shard: number;
  shardCount: number;
  state: string;
  found: number;
  done: number;
  seconds: number;
  /** Text files; what follows is of these. */
  texts: number;
  bytes: number;
  lines: number;
  words: number;
}

export interface ExtensionSummary {
  extension: string;
  files: number;
  lines: number;
  bytes: number;
}

export interface DuplicateSummary {
  copies: number;
  /** Of one copy. */
  bytes: number;
  /** The first of the copies. */
  path: string;
}

export interface Totals {
  /** Files that were left out. */
  binary: number;
  unreadable: number;
  /** Text files whose content some other file before has, and their bytes. */
  duplicates: number;
  duplicateBytes: number;
}

const SHARDS = `
  SELECT s.shard, s.shard_count AS shardCount, s.state, s.found, s.done, s.seconds, count(f.path) AS texts, coalesce(sum(f.bytes), 0) AS bytes,
    coalesce(sum(f.lines), 0) AS lines, coalesce(sum(f.words), 0) AS words
  FROM shards s LEFT JOIN files f ON f.shard = s.shard AND f.kind = 'text'
  WHERE s.updated_ms >= :sinceMs GROUP BY s.shard ORDER BY s.shard`;

const EXTENSIONS = `
  SELECT extension, count(*) AS files, sum(lines) AS lines, sum(bytes) AS bytes FROM files
  WHERE kind = 'text' GROUP BY extension ORDER BY lines DESC, files DESC, extension LIMIT :limit`;

/** Empty files are all alike, and nobody calls them copies. */
const COPIES = `
  SELECT count(*) AS copies, bytes, min(path) AS path FROM files
  WHERE kind = 'text' AND bytes > 0 GROUP BY sha256 HAVING count(*) > 1`;

const DUPLICATES = `SELECT * FROM (${COPIES}) ORDER BY (copies - 1) * bytes DESC, path LIMIT :limit`;

const TOTALS = `
  SELECT (SELECT count(*) FROM files WHERE kind = 'binary') AS binary,
    (SELECT count(*) FROM files WHERE kind = 'unreadable') AS unreadable,
    coalesce(sum(copies - 1), 0) AS duplicates, coalesce(sum((copies - 1) * bytes), 0) AS duplicateBytes
  FROM (${COPIES})`;

/** Questions to the store once the counting is over. */
@Injectable()
export class Summary {
  constructor(private readonly database: Database) {}

  /** The shards that did something since `sinceMs` (milliseconds since 1970). */
  shards(sinceMs: number): ShardSummary[] {
    return this.all<ShardSummary>(SHARDS, { sinceMs });
  }

  /** Those with the most lines. */
  topExtensions(limit: number): ExtensionSummary[] {
    return this.all<ExtensionSummary>(EXTENSIONS, { limit });
  }

  /** Those that waste the most bytes. */
  topDuplicates(limit: number): DuplicateSummary[] {
    return this.all<DuplicateSummary>(DUPLICATES, { limit });
  }

  totals(): Totals {
    return this.all<Totals>(TOTALS, {})[0]!;
  }

  private all<T>(sql: string, parameters: Record<string, number>): T[] {
    return this.database.prepare(sql).all(parameters) as T[];
  }
}
