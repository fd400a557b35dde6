import type { AgentHello } from '../agent-channel/agent-message.js';
import { SPOKEN_MAJORS } from '../agent-channel/protocol.js';
import type { HostLinkOptions } from './host-link-options.js';

/**
 * Why an agent cannot serve this run; undefined: it can.
 *
 * @param queueGroup that has a part there; undefined: none has
 */
export function problemOf(
  { protocol, fleet, epoch, capabilities, version }: AgentHello,
  own: Pick<HostLinkOptions, 'fleet' | 'epoch'>,
  queueGroup: string | undefined,
): string | undefined {
  if (!SPOKEN_MAJORS.includes(protocol.major)) {
    return `the agent speaks version ${protocol.major} of the protocol, not ${SPOKEN_MAJORS.join(' or ')}`;
  }
  if (fleet !== own.fleet || epoch !== own.epoch) return 'the agent answers for another run';
  if (queueGroup === undefined || capabilities.includes('queues')) return undefined;
  return `version ${version} of the package there knows no queue groups, and group ${queueGroup} has a part there: upgrade it`;
}
