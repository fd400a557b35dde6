export const CONSUMERS = 20;

/** A consumer has one item at a time. */
export const HANDLE_MS = 5;

/** What the start leaves to do is over by then. */
export const SETTLE_MS = 3000;

/** What a reload is compared with. */
export const BEFORE_MS = 10_000;

export const AFTER_MS = 2000;
