import { parseDuration } from '@distributed-architecture/core';
import { UsageError } from '../commands/command-errors.js';
import type { MasterRunOptions } from '../master/master.js';

/** The options of `run-master` as they were typed. */
export interface RunMasterTexts {
  maxRunningTime?: string;
  timeout?: string;
  maxProcessTimeout?: string;
  configFile?: string;
}

/** A master that gives up sooner would give up on healthy slaves, which ping every 5 s at most. */
const SHORTEST_TIMEOUT = 5;

/** @throws UsageError for a value that is not allowed */
export function parseRunMasterOptions(texts: RunMasterTexts): MasterRunOptions {
  const timeout = seconds('--timeout', texts.timeout);
  if (timeout !== undefined && timeout < SHORTEST_TIMEOUT) {
    throw new UsageError(`--timeout: found "${texts.timeout}", it has to be at least ${SHORTEST_TIMEOUT} seconds`);
  }
  const maxRunningTime = seconds('--max-running-time', texts.maxRunningTime);
  const maxProcessTimeout = count('--max-process-timeout', texts.maxProcessTimeout);
  return { configFile: texts.configFile, limits: { timeout, maxRunningTime, maxProcessTimeout } };
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
