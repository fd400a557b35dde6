import type { ChangeEvent } from '../event-journal/journal-event.js';
import { DistributedArchitectureError } from '../errors/distributed-architecture-error.js';
import type { ApplyResult, ReloadResult } from './fleet-control.js';

type Change = Pick<ChangeEvent, 'change' | 'group'>;

/**
 * Writes down that a change of the fleet begins, and what becomes of it.
 *
 * @param action throws or rejects what the change throws or rejects
 */
export async function noteChange<T extends ReloadResult | ApplyResult | void>(
  note: (event: ChangeEvent) => void,
  change: Change,
  action: () => Promise<T>,
): Promise<T> {
  note({ type: 'change_started', ...change });
  try {
    const result = await action();
    note({ type: 'change_ended', ...change, ...outcomeOf(result) });
    return result;
  } catch (error) {
    note({ type: 'change_ended', ...change, outcome: codeOf(error), message: (error as Error).message });
    throw error;
  }
}

/** Of an error that a change or a command ended with. */
export function codeOf(error: unknown): string {
  return error instanceof DistributedArchitectureError ? error.code : 'INTERNAL';
}

function outcomeOf(result: ReloadResult | ApplyResult | void): Pick<ChangeEvent, 'outcome' | 'message' | 'result'> {
  if (result === undefined) return { outcome: 'ok' };
  const { completed, reason } = result;
  return { outcome: completed ? 'ok' : 'incomplete', ...(reason !== undefined && { message: reason }), result };
}
