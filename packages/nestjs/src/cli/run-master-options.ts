import { parseDuration } from '@distributed-architecture/core';
import { UsageError } from '../commands/command-errors.js';
import type { MasterRunOptions } from '../master/master.js';

/** The options of `run-master` as they were typed. */
export interface RunMasterTexts {
  maxRunningTime?: string;
  timeout?: string;
  maxProcessTimeout?: string;
  configFile?: string;
  check?: boolean;
  json?: boolean;
}

/** How the result of `--check` is printed. */
export type CheckFormat = 'table' | 'json';

export interface RunMasterOptions extends MasterRunOptions {
  /** Nothing is run: the hosts are looked at. */
  readonly check?: CheckFormat;
}

/** A master that gives up sooner would give up on healthy slaves, which ping every 5 s at most. */
const SHORTEST_TIMEOUT = 5;

/** @throws UsageError for a value that is not allowed */
export function parseRunMasterOptions(texts: RunMasterTexts): RunMasterOptions {
  const timeout = seconds('--timeout', texts.timeout);
  if (timeout !== undefined && timeout < SHORTEST_TIMEOUT) {
    throw new UsageError(`--timeout: found "${texts.timeout}", it has to be at least ${SHORTEST_TIMEOUT} seconds`);
  }
  const maxRunningTime = seconds('--max-running-time', texts.maxRunningTime);
  const maxProcessTimeout = count('--max-process-timeout', texts.maxProcessTimeout);
  const check = checkFormat(texts);
  const limits = { timeout, maxRunningTime, maxProcessTimeout };
  return { configFile: texts.configFile, limits, ...(check !== undefined && { check }) };
}

function checkFormat({ check = false, json = false }: RunMasterTexts): CheckFormat | undefined {
  if (json && !check) throw new UsageError('--json goes with --check');
  return check ? (json ? 'json' : 'table') : undefined;
}

function seconds(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = parseDuration(text);
  if (value === undefined)
    throw new UsageError(`${option}: found "${text}", expected seconds or a time such as 500ms, 2m, 1h`);
  return value;
}

function count(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text))
    throw new UsageError(`${option}: found "${text}", expected a whole number, 0 for no limit`);
  return Number(text);
}
