import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FileRecord } from '../files/file-record.js';
import { summaryText } from '../reporting/summary-text.js';
import { temporaryFolder } from '../temporary-folder.spec-helper.js';
import { Database } from './database.js';
import { FileStore } from './file-store.js';
import type { ShardProgress } from './shard-progress.js';
import { Summary } from './summary.js';

function text(path: string, sha256: string, bytes = 100, lines = 10): FileRecord {
  return { path, kind: 'text', bytes, modifiedMs: 1.5, lines, words: 3, sha256 };
}

function summaryOf(files: FileRecord[], state: ShardProgress['state'] = 'done'): Summary {
  const database = new Database(join(temporaryFolder(), 'files.sqlite'));
  onTestFinished(() => database.onModuleDestroy());
  const store = new FileStore(database);
  const task = { shard: 1, shardCount: 1, folder: '/folder', run: 1 };
  store.save({ ...task, state, found: 1, done: 1, reused: 0, bytes: 0, seconds: 2 }, files);
  return new Summary(database);
}

describe('Summary', () => {
  it('finds copies by their content, those that waste the most first', () => {
    const files = [
      text('a', '1'),
      text('b', '1'),
      text('c', '1'),
      text('d', '2', 500),
      text('e', '2', 500),
      text('f', '3'),
    ];
    const summary = summaryOf(files);
    expect(summary.topDuplicates(5)).toEqual([
      { path: 'd', copies: 2, bytes: 500 },
      { path: 'a', copies: 3, bytes: 100 },
    ]);
    expect(summary.topDuplicates(1)).toHaveLength(1);
    expect(summary.totals()).toEqual({ binary: 0, unreadable: 0, duplicates: 3, duplicateBytes: 700 });
  });

  it('does not call empty and binary files copies', () => {
    const binary = { ...text('c', ''), kind: 'binary' } as const;
    const summary = summaryOf([text('a', '1', 0, 0), text('b', '1', 0, 0), binary, { ...binary, path: 'd' }]);
    expect(summary.topDuplicates(5)).toEqual([]);
    expect(summary.totals()).toEqual({ binary: 2, unreadable: 0, duplicates: 0, duplicateBytes: 0 });
  });

  it('puts the extensions with the most lines first, in lower case', () => {
    const summary = summaryOf([
      text('a.js', '1'),
      text('b.JS', '2'),
      text('c.md', '3', 1, 15),
      text('LICENSE', '4', 1, 1),
    ]);
    expect(summary.topExtensions(2)).toEqual([
      { extension: '.js', files: 2, lines: 20, bytes: 200 },
      { extension: '.md', files: 1, lines: 15, bytes: 1 },
    ]);
    expect(summary.topExtensions(5)[2]).toMatchObject({ extension: '', lines: 1 });
  });
});

describe('summaryText', () => {
  it('says when the work is not finished', () => {
    expect(summaryText(summaryOf([text('a', '1')], 'stopped'), 0)).toContain('start again to go on');
    expect(summaryText(summaryOf([text('a', '1')]), 0)).not.toContain('start again');
  });

  it('is empty when nothing was counted since', () => {
    expect(summaryText(summaryOf([text('a', '1')]), Date.now() + 1000)).toBe('');
  });

  it('passes no control character of a path on to the terminal', () => {
    const shown = summaryText(summaryOf([text('\u001b[31ma', '1'), text('b', '1')]), 0);
    expect(shown).toContain('?[31ma');
    expect(shown).not.toContain('\u001b');
  });
});
