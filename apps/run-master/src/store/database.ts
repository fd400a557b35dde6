import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { SCHEMA } from './schema.js';

export const DATABASE_PATH = Symbol('DATABASE_PATH');

/** The SQLite file that all processes share. Opened by the first use, so that no process pays for what it does not need. */
@Injectable()
export class Database implements OnModuleDestroy {
  private connection: DatabaseSync | undefined;
  private readonly statements = new Map<string, StatementSync>();

  constructor(@Inject(DATABASE_PATH) private readonly path: string) {}

  prepare(sql: string): StatementSync {
    const statement = this.statements.get(sql) ?? this.open().prepare(sql);
    this.statements.set(sql, statement);
    return statement;
  }

  /** All of `work` or, when it throws, nothing of it. Takes the write lock at once: shards wait, they never deadlock. */
  transaction(work: () => void): void {
    const connection = this.open();
    connection.exec('BEGIN IMMEDIATE');
    try {
      work();
      connection.exec('COMMIT');
    } catch (error) {
      if (connection.isTransaction) connection.exec('ROLLBACK');
      throw error;
    }
  }

  onModuleDestroy(): void {
    this.statements.clear();
    this.connection?.close();
    this.connection = undefined;
  }

  private open(): DatabaseSync {
    return (this.connection ??= connect(this.path));
  }
}

function connect(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true });
  const connection = new DatabaseSync(path);
  // A lost power supply may cost the last batch, which is counted again: no need to wait for the disk.
  connection.exec('PRAGMA busy_timeout = 10000; PRAGMA synchronous = OFF');
  connection.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT`);
  return connection;
}
