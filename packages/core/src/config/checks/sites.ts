import { agentKey, agentPlace } from '../agent-key.js';
import { machineOf, parseHostAddress } from '../host-address.js';
import type { ConsumersSection } from '../schema/consumers-section.js';
import type { JobQueueSection } from '../schema/job-queue-section.js';
import type { ProcessSection } from '../schema/process-section.js';
import type { QueueGroupSection } from '../schema/queue-group-section.js';
import type { SshSection } from '../schema/ssh-section.js';

/** Where processes run. */
export interface Site {
  /** Key of the agent; that of the master itself is empty. */
  readonly agent: string;
  /** The machine, as far as its name tells. */
  readonly machine: string;
  /** The same, where another port of SSH may be another machine behind one address. */
  readonly listener: string;
}

/** A section that names hosts. What it must have may be missing: that is reported elsewhere. */
export type HostsSection = SshSection & { hosts?: string[] };

export type QueueLike = QueueGroupSection | JobQueueSection;

const HERE: Site = { agent: '', machine: 'localhost', listener: 'localhost' };

/** One for each host of a section that is one. */
export function sitesOf(section: HostsSection, group: ProcessSection): Site[] {
  return (section.hosts ?? []).flatMap((host) => siteOf(host, section, group) ?? []);
}

/** Undefined for a host that is none. */
export function siteOf(host: string, section: SshSection, group: ProcessSection): Site | undefined {
  const address = parseHostAddress(host);
  if (address === undefined) return undefined;
  const user = address.user ?? section.username;
  const place = agentPlace({
    path: section.path ?? group.path,
    binPath: section.binPath ?? group.binPath,
    console: section.console ?? group.console,
  });
  const machine = machineOf(address.host);
  return {
    agent: agentKey({ ...address, ...(user !== undefined && { user }) }, place),
    machine,
    listener: address.port === undefined || address.port === 22 ? machine : `${machine}:${address.port}`,
  };
}

export function feederSite(queue: QueueLike): Site {
  return (queue.remoteFeeder && sitesOf(queue.remoteFeeder, queue)[0]) ?? HERE;
}

/** Consumers with the same settings, and where they run. */
export interface ConsumerSites {
  readonly section: NonNullable<ConsumersSection['local']> | undefined;
  readonly sites: readonly Site[];
}

/** A job queue without consumers gets local ones. */
export function consumerSites(queue: QueueLike): ConsumerSites[] {
  const { consumers } = queue;
  const local = consumers && !consumers.local ? [] : [{ section: consumers?.local, sites: [HERE] }];
  const remote = (consumers?.remote ?? []).map((section) => ({ section, sites: sitesOf(section, queue) }));
  return [...local, ...remote];
}
