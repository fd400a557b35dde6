export const PROCESSES = 200;

/** What the start leaves to do is over by then. */
export const SETTLE_MS = 5000;
