/** Processes of a round; each is killed once, one after the other, and the sample is their median. */
export const COUNT = 5;

/** Before the first is killed. What lives for less than a second has, for pm2, failed to start. */
export const SETTLE_MS = 1500;
