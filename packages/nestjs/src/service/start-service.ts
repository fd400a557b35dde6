import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { LogFileError } from '@distributed-architecture/core';
import type { Account } from './account.js';
import { asAccount, environmentOf } from './as-account.js';
import { FirstWords } from './first-words.js';
import { SERVICE_VARIABLE, type StartMessage } from './start-report.js';

export interface ServiceStartOptions {
  readonly logPath: string;
  /** Undefined: as whoever starts it. */
  readonly account?: Account;
  /** In which nothing may happen before it is given up. */
  readonly silenceMs: number;
  /** Ends the start: the first time cleanly, the second at once. */
  readonly onInterrupt?: (interrupt: () => void) => () => void;
}

/** A service that runs, or why there is none. */
export type ServiceStart =
  { readonly pid: number } | { readonly exitCode: number | null; readonly reason: string; readonly said: string };

const LOG_MODE = 0o640;
const UMASK = 0o027;

/** A service that was told to end is killed after so long. */
const KILL_MS = 5000;

/**
 * Starts this program once more, in a session of its own, and waits until it says that it is ready.
 *
 * What it writes to stdout and stderr itself goes to its log; if it does not start, that is read there.
 */
export async function startService(options: ServiceStartOptions): Promise<ServiceStart> {
  const log = openLogFor(options);
  const words = new FirstWords(options.logPath, log);
  try {
    const child = spawnService(options, log);
    const failure = await startOf(child, options);
    if (failure === undefined) return { pid: child.pid! };
    return { ...failure, said: asAccount(options.account, () => words.read()) };
  } finally {
    closeSync(log);
  }
}

function openLogFor({ logPath, account }: ServiceStartOptions): number {
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT;
  try {
    return asAccount(account, () => openSync(logPath, flags, LOG_MODE));
  } catch (error) {
    throw new LogFileError(logPath, error);
  }
}

function spawnService({ account }: ServiceStartOptions, log: number): ChildProcess {
  const umask = process.umask(UMASK);
  try {
    // Not with --disable-sigusr1: Node 24 blocks the signal by it, so that no handler of ours gets it either.
    return spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
      detached: true,
      env: { ...environmentOf(account, process.env), [SERVICE_VARIABLE]: '1' },
      stdio: ['ignore', log, log, 'ipc'],
      // With an id given the other groups are dropped.
      ...(account !== undefined && process.getuid?.() === 0 && { uid: account.uid, gid: account.gid }),
    });
  } finally {
    process.umask(umask);
  }
}

interface Failure {
  readonly exitCode: number | null;
  readonly reason: string;
}

/** Undefined when it is ready; else it has ended. */
async function startOf(
  child: ChildProcess,
  { silenceMs, onInterrupt }: ServiceStartOptions,
): Promise<Failure | undefined> {
  const { promise, resolve } = Promise.withResolvers<Failure | undefined>();
  let why: string | undefined;
  const end = (reason: string): void => {
    why ??= reason;
    endService(child);
  };
  const silence = setTimeout(() => end(`nothing happened for ${silenceMs / 1000} s, it was ended`), silenceMs);
  const forget = onInterrupt?.(() => {
    // Another signal is a second one to it, however soon it comes: it kills.
    child.kill(why === undefined ? 'SIGTERM' : 'SIGINT');
    why ??= 'it was interrupted';
  });
  child.once('error', (error) => resolve({ exitCode: null, reason: error.message }));
  child.once('exit', (code, signal) => resolve({ exitCode: code, reason: why ?? describeEnd(code, signal) }));
  child.on('message', (message: StartMessage) => {
    silence.refresh();
    if (message.type === 'ready' && why === undefined) resolve(undefined);
  });
  const failure = await promise;
  clearTimeout(silence);
  forget?.();
  if (failure === undefined) letGo(child);
  return failure;
}

function letGo(child: ChildProcess): void {
  if (child.connected) child.disconnect();
  child.unref();
}

/** What it has started itself ends with it: its watchdog sees to that. */
function endService(child: ChildProcess): void {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), KILL_MS);
  child.once('exit', () => clearTimeout(timer));
}

function describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`;
}
