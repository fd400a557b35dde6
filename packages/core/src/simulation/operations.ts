import type { GroupOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';

/** What an operator asks a running fleet for; `at` is milliseconds from the beginning. Without a group: all of them. */
export type Operation = { readonly at: number } & (
  | { readonly type: 'suspend'; readonly group?: string; readonly force: boolean }
  | { readonly type: 'resume'; readonly group?: string }
  | Change
);

/** Takes its time, and only one of them is under way at a time. */
export type Change =
  | { readonly type: 'restart'; readonly group: string; readonly force: boolean }
  | { readonly type: 'scale'; readonly group: string; readonly count: number }
  | { readonly type: 'reload'; readonly group?: string }
  | { readonly type: 'apply'; readonly groups: readonly GroupOptions[]; readonly queues: readonly QueueGroupOptions[] };

/** What the operations of a schedule may be about; `none`: there are none, `mixed`: about anything. */
export const OPERATION_KINDS = ['none', 'suspend', 'restart', 'scale', 'reload', 'apply', 'mixed'] as const;
export type OperationKind = (typeof OPERATION_KINDS)[number];

export function isChange(operation: Operation): operation is Operation & Change {
  return operation.type !== 'suspend' && operation.type !== 'resume';
}
