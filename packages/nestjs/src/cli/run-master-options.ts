import { didYouMean, LOG_LEVELS, parseDuration } from '@distributed-architecture/core';
import { UsageError } from '../commands/command-errors.js';
import type { MasterRunOptions } from '../master/master-options.js';

/** The options of `run-master` as they were typed. */
export interface RunMasterTexts {
  maxRunningTime?: string;
  timeout?: string;
  maxProcessTimeout?: string;
  configFile?: string;
  check?: boolean;
  plan?: boolean;
  json?: boolean;
  service?: boolean;
  /** False after `--no-detach`. */
  detach?: boolean;
  user?: string;
  group?: string;
  log?: string;
  logLevel?: string;
  logFormat?: string;
  pid?: string;
  stop?: boolean;
}

/** How the result of `--check` or `--plan` is printed. */
export type CheckFormat = 'table' | 'json';

export interface RunMasterOptions extends MasterRunOptions {
  /** Nothing is run: the hosts are looked at. */
  readonly check?: CheckFormat;
  /** Nothing is run: it is said what would be changed. */
  readonly plan?: CheckFormat;
  /** The master that runs is stopped. */
  readonly stop?: boolean;
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
  const format = reportFormat(texts);
  refuseCombinations(texts);
  const limits = { timeout, maxRunningTime, maxProcessTimeout };
  return {
    configFile: texts.configFile,
    limits,
    ...(format !== undefined && { [texts.plan === true ? 'plan' : 'check']: format }),
    ...(texts.stop === true && { stop: true }),
    ...serviceOptions(texts),
  };
}

const FORMATS = ['text', 'json'] as const;

/** Options that say nothing without `--service`, and options that nothing is run with. */
const ONLY_WITH_SERVICE = ['user', 'group'] as const;
const RUNS_NOTHING = ['stop', 'check', 'plan'] as const;
const OF_A_RUN = [
  'service',
  'user',
  'group',
  'log',
  'logLevel',
  'logFormat',
  'maxRunningTime',
  'maxProcessTimeout',
] as const;

function refuseCombinations(texts: RunMasterTexts): void {
  const { service = false, detach = true } = texts;
  if (!detach && !service) throw new UsageError('--no-detach goes with --service');
  for (const name of ONLY_WITH_SERVICE)
    if (texts[name] !== undefined && !service) throw new UsageError(`${flag(name)} goes with --service`);
  const [first, second] = RUNS_NOTHING.filter((name) => texts[name] === true);
  if (second !== undefined) throw new UsageError(`--${first} and --${second} do not go together`);
  for (const other of RUNS_NOTHING) {
    const name = texts[other] === true ? OF_A_RUN.find((each) => texts[each] !== undefined) : undefined;
    if (name !== undefined) throw new UsageError(`${flag(name)} does not go with ${flag(other)}, which runs nothing`);
  }
}

function flag(name: string): string {
  return `--${name.replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)}`;
}

function serviceOptions(texts: RunMasterTexts): Pick<MasterRunOptions, 'service' | 'account' | 'log' | 'pidFile'> {
  const { service = false, detach = true, user, group } = texts;
  const log = {
    path: notEmpty('--log', texts.log),
    level: oneOf('--log-level', texts.logLevel, LOG_LEVELS),
    format: oneOf('--log-format', texts.logFormat, FORMATS),
  };
  const pidFile = notEmpty('--pid', texts.pid);
  return {
    ...(service && { service: detach ? 'detached' : 'attached', account: { user, group } }),
    ...(Object.values(log).some((each) => each !== undefined) && { log }),
    ...(pidFile !== undefined && { pidFile }),
  };
}

function notEmpty(option: string, text: string | undefined): string | undefined {
  if (text?.trim() === '') throw new UsageError(`${option}: found "${text}", expected the path of a file`);
  return text;
}

function oneOf<T extends string>(option: string, text: string | undefined, words: readonly T[]): T | undefined {
  const found = words.find((word) => word === text);
  if (text !== undefined && found === undefined)
    throw new UsageError(`${option}: found "${text}"${didYouMean(text, words)}, expected one of ${words.join(', ')}`);
  return found;
}

function reportFormat({ check = false, plan = false, json = false }: RunMasterTexts): CheckFormat | undefined {
  if (json && !check && !plan) throw new UsageError('--json goes with --check or --plan');
  return check || plan ? (json ? 'json' : 'table') : undefined;
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
