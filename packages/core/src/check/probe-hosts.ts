import type { AgentLink } from '../agent-channel/agent-link.js';
import { parseProbeAnswer, type ProbeAnswer, type ProbeMessage } from '../agent-channel/probe-message.js';
import { probe } from '../agent/probe.js';
import type { GroupOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import { connectAgents } from '../launcher/agent-connections.js';
import type { RemoteAgent } from '../launcher/remote-hosts.js';
import { ownCommandLine } from '../local/command-line.js';
import type { AgentTarget } from '../hosts/agent-target.js';
import { messageText } from '../logger/log-text.js';
import { LOCAL_AGENT } from '../placement/agent-targets.js';
import { placeProcesses } from '../placement/place-processes.js';
import type { ProcessSpec } from '../process/process-spec.js';
import type { CheckHostsOptions } from './check-options.js';
import { checkOfAnswer, checkOfError, type HostCheck } from './host-check.js';

/** A host that takes the connection has so long to run the entry script. */
const ANSWER_MS = 15_000;

/** What has to be known of the hosts of a configuration, besides the hosts. */
interface Check {
  readonly specs: readonly ProcessSpec[];
  readonly fleet: string | undefined;
}

/** This machine, where a feeder is to listen for other hosts. */
const HERE: AgentTarget = { key: LOCAL_AGENT, name: LOCAL_AGENT, host: LOCAL_AGENT, ssh: {} };

/** Does what `checkHosts` says. */
export async function probeHosts(
  groups: readonly (GroupOptions | QueueGroupOptions)[],
  { name, agents, log = () => {} }: CheckHostsOptions = {},
): Promise<HostCheck[]> {
  const { specs, targets } = placeProcesses(groups);
  const connected = await connectAgents(targets, { given: agents ?? new Map(), log });
  const byKey = new Map(connected.map((agent) => [agent.key, agent]));
  const checks = targets.map((target) => checkHost(target, byKey.get(target.key)!, { specs, fleet: name }));
  return Promise.all([...checkHere(specs), ...checks]);
}

function checkHere(specs: readonly ProcessSpec[]): Promise<HostCheck>[] {
  const ports = portsOf(undefined, specs);
  return ports.length === 0 ? [] : [checkOwnPorts(ports)];
}

async function checkOwnPorts(ports: ProbeMessage['ports']): Promise<HostCheck> {
  const { script } = ownCommandLine();
  const askedAt = Date.now();
  const answer = await probe({ type: 'probe', ports }, script);
  return checkOfAnswer(HERE, { answer, askedAt, answeredAt: Date.now() }, answer.build);
}

async function checkHost(
  target: AgentTarget,
  { connection, build = '' }: RemoteAgent,
  check: Check,
): Promise<HostCheck> {
  const message: ProbeMessage = {
    type: 'probe',
    ports: portsOf(target.key, check.specs),
    ...(check.fleet !== undefined && { fleet: check.fleet, target: target.key }),
  };
  try {
    const link = await connection.connect();
    const askedAt = Date.now();
    const answer = await ask(link, message);
    return checkOfAnswer(target, { answer, askedAt, answeredAt: Date.now() }, build);
  } catch (error) {
    return checkOfError(target, error instanceof Error ? error : new Error(messageText(error)));
  }
}

function portsOf(key: string | undefined, specs: readonly ProcessSpec[]): ProbeMessage['ports'] {
  return specs.flatMap(({ agent, queue }) => (agent === key && queue?.listen !== undefined ? [queue.listen] : []));
}

function ask(link: AgentLink, message: ProbeMessage): Promise<ProbeAnswer> {
  const { promise, resolve: answer, reject } = Promise.withResolvers<ProbeAnswer>();
  const timer = setTimeout(() => reject(new Error(`It has not answered within ${ANSWER_MS / 1000} s`)), ANSWER_MS);
  link.listen({
    message: (said) => {
      const known = parseProbeAnswer(said);
      if (known !== undefined) answer(known);
    },
    drained: () => {},
    closed: (reason) => reject(new Error(`The connection ended without an answer: ${reason}`)),
  });
  link.send(message);
  return promise.finally(() => {
    clearTimeout(timer);
    link.close();
  });
}
