import { constants } from 'node:os';
import { dirname, relative } from 'node:path';
import { ExitCode, PidFileError, LogFileError, preparePidFile } from '@distributed-architecture/core';
import { UsageError } from '../commands/command-errors.js';
import type { MasterSettings } from '../master/master-settings.js';
import type { Account } from './account.js';
import { asAccount } from './as-account.js';
import { makeFolder } from './make-folder.js';
import { startService, type ServiceStart } from './start-service.js';

export interface DetachOptions {
  readonly settings: MasterSettings;
  readonly account: Account | undefined;
  readonly silenceMs: number;
}

const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** One Ctrl-C may arrive several times: npm passes it on. */
const ECHO_MS = 200;

/**
 * Starts the service and waits until it runs.
 *
 * @returns the exit code: that of the service where it did not start
 * @throws UsageError, PidFileTakenError, PidFileError, LogFileError before anything is started
 */
export async function detachService({ settings, account, silenceMs }: DetachOptions): Promise<number> {
  const { name, pidFile, logPath } = placesOf(settings);
  prepareFolders({ pidFile, logPath, account });
  let interrupt: NodeJS.Signals | undefined;
  const onInterrupt = (end: () => void) => listen((signal) => ((interrupt = signal), end()));
  const start = await startService({ logPath, account, silenceMs, onInterrupt });
  if ('pid' in start) {
    process.stdout.write(
      `${name} runs as a service, pid ${start.pid}, log ${relative(process.cwd(), logPath) || logPath}\n`,
    );
    return ExitCode.Ok;
  }
  process.stderr.write(describeFailure(start, { name, logPath }));
  return interrupt === undefined ? start.exitCode || ExitCode.Failure : 128 + constants.signals[interrupt];
}

/** Where its files are; both are known for a service that has a name. */
function placesOf({ name, pidFile, log }: MasterSettings) {
  if (name === undefined || pidFile === undefined || log.path === undefined)
    throw new UsageError('A service needs a name: give one by `name` in the configuration, or in package.json');
  return { name, pidFile, logPath: log.path };
}

interface Places {
  readonly pidFile: string;
  readonly logPath: string;
  readonly account: Account | undefined;
}

/** Missing folders are made and given to the account. */
export function prepareFolders({ pidFile, logPath, account }: Partial<Places>): void {
  if (pidFile !== undefined) {
    attempt(
      () => makeFolder(dirname(pidFile), account),
      (cause) => new PidFileError(pidFile, cause),
    );
    asAccount(account, () => preparePidFile(pidFile));
  }
  if (logPath !== undefined) {
    attempt(
      () => makeFolder(dirname(logPath), account),
      (cause) => new LogFileError(logPath, cause),
    );
  }
}

function attempt(action: () => void, describe: (cause: unknown) => Error): void {
  try {
    action();
  } catch (error) {
    throw describe(error);
  }
}

function describeFailure(
  { reason, said }: Extract<ServiceStart, { reason: string }>,
  { name, logPath }: { name: string; logPath: string },
): string {
  const words = said === '' ? '' : `${said}\n`;
  return `${words}${name} does not run: ${reason}. Its log: ${logPath}\n`;
}

function listen(interrupt: (signal: NodeJS.Signals) => void): () => void {
  let first: { readonly signal: NodeJS.Signals; readonly at: number } | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    const isEcho = first?.signal === signal && performance.now() - first.at < ECHO_MS;
    first ??= { signal, at: performance.now() };
    if (!isEcho) interrupt(signal);
  };
  for (const signal of INTERRUPTS) process.on(signal, onSignal);
  return () => {
    for (const signal of INTERRUPTS) process.off(signal, onSignal);
  };
}
