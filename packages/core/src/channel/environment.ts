/** Tells a program in which role it runs: `slave`, `master`, ... Inherited by what a slave starts itself. */
export const ROLE_VARIABLE = 'DISTRIBUTED_ARCHITECTURE_ROLE';

/**
 * Tells a program that its IPC channel is a launcher's, and which file descriptor that is. A slave removes it from its
 * environment, so that what it forks itself does not take its parent for a launcher.
 */
export const CHANNEL_VARIABLE = 'DISTRIBUTED_ARCHITECTURE_CHANNEL';

/** The file descriptor on which a process finds its channel; Node itself learns it from NODE_CHANNEL_FD. */
export const CHANNEL_FD = 3;
