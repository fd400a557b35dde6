import { ExitCode, readPidFile, type PidRecord } from '@distributed-architecture/core';
import { hasEnded } from './has-ended.js';

/** A stop takes the master's `--timeout` at most; so much more for its last line. */
const MARGIN_MS = 2000;

export interface StopMasterOptions {
  readonly pidFile: string;
  /** Longest stop of the master. */
  readonly timeoutMs: number;
  readonly say: (text: string) => void;
}

/** Stops the master that a pid file names, and waits until it has ended. @returns the exit code */
export async function stopMaster({ pidFile, timeoutMs, say }: StopMasterOptions): Promise<number> {
  const master = readPidFile(pidFile);
  if (master === undefined) return fail(say, `No master runs: there is none of ${pidFile}`);
  const refusal = signal(master);
  if (refusal !== undefined) return fail(say, `The master, pid ${master.pid}, cannot be stopped: ${refusal}`);
  if (!(await hasEnded(master, timeoutMs + MARGIN_MS)))
    return fail(say, `The master, pid ${master.pid}, has not ended within ${(timeoutMs + MARGIN_MS) / 1000} s`);
  say(`The master, pid ${master.pid}, has stopped`);
  return ExitCode.Ok;
}

function fail(say: (text: string) => void, text: string): number {
  say(text);
  return ExitCode.Failure;
}

/** @returns why not */
function signal({ pid }: PidRecord): string | undefined {
  try {
    process.kill(pid, 'SIGTERM');
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? undefined : (error as Error).message;
  }
}
