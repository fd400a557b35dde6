import { CHANNEL_VARIABLE, ROLE_VARIABLE } from '../../channel/environment.js';
import type { LifecycleEventName } from '../../events/lifecycle-events.js';
import type { AgentListening } from './listen-to-agent.js';

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

/**
 * Makes this program hear the events of the agent that has started it. What it then does is `run`.
 *
 * ```ts
 * if (isListener()) {
 *   const agent = await listenToAgent((name, error) => console.error(name, error));
 *   agent.events.on('process_stopped', ({ process, exit }) => console.log(process.display, exit.reason));
 *   await agent.run();
 * } else await runSlave(work);
 * ```
 *
 * @param onError learns of each error of a listener
 */
export async function listenToAgent(
  onError: (name: LifecycleEventName, error: unknown) => void,
): Promise<AgentListening> {
  const { AgentListening: Listening } = await import('./listen-to-agent.js');
  return new Listening(onError);
}
