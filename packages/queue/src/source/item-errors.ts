import { DistributedArchitectureError } from '@distributed-architecture/core';

/**
 * Why an item failed.
 *
 * - `error`: its handler threw
 * - `timeout`: it took longer than `item_timeout`
 * - `lost`: the process that had begun it is gone
 * - `invalid`: it cannot be sent: no JSON value, too large
 * - `released`: it was never begun, for the feeder ended before
 */
export type ItemFailureKind = 'error' | 'timeout' | 'lost' | 'invalid' | 'released';

export interface ItemFailure {
  readonly kind: ItemFailureKind;
  readonly message: string;
  /** Name and stack of the handler's own error. */
  readonly name?: string;
  readonly stack?: string;
  readonly cause?: unknown;
}

/** The reason that `error` of a feeder gets. For an error of the handler `message`, `name` and `stack` are those of that error. */
export class ItemFailedError extends DistributedArchitectureError {
  override readonly code = 'ITEM_FAILED';
  readonly kind: ItemFailureKind;

  constructor({ kind, message, name, stack, cause }: ItemFailure) {
    super(message, { cause });
    this.kind = kind;
    if (name !== undefined) this.name = name;
    if (stack !== undefined) this.stack = stack;
  }
}
