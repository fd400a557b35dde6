/** Connecting over SSH, apart from the rest so that only who needs it loads it. */
export * from './host-error.js';
export { sshConnections, type SshConnectionsOptions } from './ssh-connections.js';
export type { Surroundings } from './surroundings.js';
