import { CHANNEL_VARIABLE, ROLE_VARIABLE } from '../../channel/environment.js';

/** What an agent starts its application with. A command line that does not know it ends with an error. */
export const RUN_LISTENER = 'run-listener';

export const LISTENER_ROLE = 'agent';

interface ProgramSigns {
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Whether an agent has started this program to publish the events of its host. */
export function isListener({ argv, env }: ProgramSigns = process): boolean {
  return argv[2] === RUN_LISTENER && env[ROLE_VARIABLE] === LISTENER_ROLE && env[CHANNEL_VARIABLE] !== undefined;
}
