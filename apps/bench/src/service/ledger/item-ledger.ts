import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LedgerFile, readLedger } from './ledger-file.js';

/**
 * What became of each item, in the files of a folder, one file a process:
 *
 * ```text
 * claims-<incarnation>     of a feeder: first id, last id, time: taken over by it
 * answers-<incarnation>    of a feeder: id, what became of it (`Answer`)
 * handled-<pid>            of a consumer: id, time: its handler has ended
 * ```
 */
export interface ItemLedger {
  /** One for each life of the feeder, in order. */
  readonly feeders: readonly FeederLedger[];
  readonly handled: readonly Handled[];
}

export interface FeederLedger {
  readonly claims: readonly Claim[];
  /** The last word on each item. */
  readonly answers: ReadonlyMap<number, Answer>;
}

export interface Claim {
  readonly first: number;
  readonly last: number;
  readonly atMs: number;
}

export interface Handled {
  readonly id: number;
  readonly atMs: number;
}

export const Answer = { done: 1, failed: 2, released: 3 } as const;

export type Answer = (typeof Answer)[keyof typeof Answer];

const CLAIM_COLUMNS = 3;
const ANSWER_COLUMNS = 2;
const HANDLED_COLUMNS = 2;

export function openClaims(folder: string, incarnation: number): LedgerFile {
  return new LedgerFile(join(folder, `claims-${incarnation}`), CLAIM_COLUMNS);
}

export function openAnswers(folder: string, incarnation: number): LedgerFile {
  return new LedgerFile(join(folder, `answers-${incarnation}`), ANSWER_COLUMNS);
}

export function openHandled(folder: string): LedgerFile {
  return new LedgerFile(join(folder, `handled-${process.pid}`), HANDLED_COLUMNS);
}

export function readItemLedger(folder: string): ItemLedger {
  const names = readdirSync(folder);
  const files = names.filter((name) => name.startsWith('handled-'));
  return {
    feeders: readFeeders(folder),
    handled: files.flatMap((name) => readLedger(join(folder, name), HANDLED_COLUMNS)).map(toHandled),
  };
}

/** Without what consumers wrote. */
export function readFeeders(folder: string): FeederLedger[] {
  const incarnations = readdirSync(folder).flatMap((name) => /^claims-(\d+)$/.exec(name)?.[1] ?? []);
  return incarnations
    .map(Number)
    .toSorted((a, b) => a - b)
    .map((incarnation) => ({
      claims: readLedger(join(folder, `claims-${incarnation}`), CLAIM_COLUMNS).map(toClaim),
      answers: new Map(readLedger(join(folder, `answers-${incarnation}`), ANSWER_COLUMNS) as [number, Answer][]),
    }));
}

function toClaim([first, last, atMs]: number[]): Claim {
  return { first: first!, last: last!, atMs: atMs! };
}

function toHandled([id, atMs]: number[]): Handled {
  return { id: id!, atMs: atMs! };
}
