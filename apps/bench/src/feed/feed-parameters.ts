import type { SlaveHandler } from '@distributed-architecture/core';
import type { FeedPlan } from './feed-plan.js';

/** What the processes of a measured queue group are told. */
export interface FeedParameters {
  readonly plan: FeedPlan;
  /** How long a slow consumer takes for an item. */
  readonly handleMs: number;
}

/** The parameters of a queue group that this benchmark has configured. */
export function readParameters({ groupConfig }: Pick<SlaveHandler, 'groupConfig'>): FeedParameters {
  return groupConfig.params as FeedParameters;
}
