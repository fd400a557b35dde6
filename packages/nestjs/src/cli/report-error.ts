import { inspect } from 'node:util';
import { Logger } from '@nestjs/common';
import { ExitCode } from '@distributed-architecture/core';
import { reportKnown } from './report-known-error.js';

/**
 * Says on stderr why a command of ours, or the boot, failed. What the user can put right comes without a stack; the
 * stack of a defect is logged at debug.
 *
 * @returns the exit code
 */
export function reportError(error: unknown): number {
  const known = reportKnown(error);
  if (known !== undefined) return known;
  say(error instanceof Error ? error.message : inspect(error));
  if (error instanceof Error && error.stack !== undefined) Logger.debug(error.stack, 'Console');
  return ExitCode.Internal;
}

/** Says on stderr why a command of the application failed, as Node would. */
export function reportCommandError(error: unknown): number {
  const known = reportKnown(error);
  if (known !== undefined) return known;
  say(inspect(error));
  return ExitCode.Failure;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
