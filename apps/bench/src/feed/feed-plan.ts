/** Items of one kind, timed on their own: the clock starts with the first and ends when the last is answered. */
export interface Phase {
  readonly items: number;
  /** Size of an item as JSON. Default: as small as `{ "id": 1 }`. */
  readonly bytes?: number;
}

/** What a measured feeder hands out; it crosses to its process as JSON. */
export type FeedPlan =
  | { readonly kind: 'phases'; readonly phases: readonly Phase[] }
  | { readonly kind: 'one-in-flight'; readonly items: number }
  /** Without an end, from when the file exists on: until then the feeder does not even listen. */
  | { readonly kind: 'endless'; readonly releasedBy: string };

/** An item of every measured feeder. */
export interface BenchItem {
  readonly id: number;
  readonly body?: string;
}

/** The part of the items after which memory should have settled. */
export const SETTLED_SHARE = 0.2;
