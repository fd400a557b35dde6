import { DistributedArchitectureError } from '@distributed-architecture/core';
import { ReportedError } from './reported-error.js';

/**
 * Says on stderr what the user can put right, without a stack.
 *
 * @returns the exit code; undefined: it is no such error, and nothing was said
 */
export function reportKnown(error: unknown): number | undefined {
  if (error instanceof ReportedError) return error.exitCode;
  if (!(error instanceof DistributedArchitectureError)) return undefined;
  process.stderr.write(`${error.message}\n`);
  return error.exitCode;
}
