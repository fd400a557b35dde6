/** What an agent writes, and where, as soon as it listens. */
export const ANNOUNCEMENT = 'listening\n';
export const ANNOUNCEMENT_FD = 3;
