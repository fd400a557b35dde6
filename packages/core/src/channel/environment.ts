/** Tells a program in which role it runs: `slave`, `master`, ... Inherited by what a slave starts itself. */
export const ROLE_VARIABLE = 'DISTRIBUTED_ARCHITECTURE_ROLE';

/**
 * Tells a program that its IPC channel is a launcher's. A slave removes it from its environment, so that what it
 * forks itself does not take its parent for a launcher.
 */
export const CHANNEL_VARIABLE = 'DISTRIBUTED_ARCHITECTURE_CHANNEL';
