/** What a process is in the fleet; `none` when it does not belong to one: a web server, another command. */
export const PROCESS_ROLES = ['none', 'master', 'agent', 'slave', 'feeder', 'consumer'] as const;

export type ProcessRoleName = (typeof PROCESS_ROLES)[number];

/**
 * The role of this process, for providers that are to work in one role only: the same application boots in web
 * servers, in the master and in every slave.
 */
export class ProcessRole {
  constructor(readonly name: ProcessRoleName) {}
}
