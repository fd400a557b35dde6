import type { BindingContext } from '../binding/binding-context.js';
import { DEFAULTS } from '../defaults.js';
import { parseHostAddress } from '../host-address.js';
import type { GroupSection } from '../schema/group-section.js';
import type { QueueGroupSection } from '../schema/queue-group-section.js';
import type { RootSection } from '../schema/root-section.js';
import { allGroups, type AnyGroup } from './all-groups.js';
import { reportProperty, reportSection } from './report.js';
import { siteOf, type HostsSection } from './sites.js';

/** How an agent is reached; what was not given has its default. */
const SSH_SETTINGS = {
  privateKey: undefined,
  passphraseEnv: undefined,
  knownHosts: undefined,
  hostKeyChecking: DEFAULTS.hostKeyChecking,
  lease: DEFAULTS.lease,
  connectTimeout: DEFAULTS.connectTimeout,
} as const;

type SshSetting = keyof typeof SSH_SETTINGS;

/** One host of a section. */
interface Use {
  readonly section: HostsSection;
  readonly index: number;
}

/** A host has one user, and an agent is reached in one way wherever it is named. */
export function checkAgents(root: RootSection, context: BindingContext): void {
  const first = new Map<string, Use>();
  for (const { group } of allGroups(root)) {
    for (const section of hostsSections(group)) {
      checkUsers(section, context);
      checkSection({ section, group, first }, context);
    }
  }
}

type WithHosts = Pick<GroupSection, 'remote'> & Partial<Pick<QueueGroupSection, 'remoteFeeder' | 'consumers'>>;

function hostsSections({ remote = [], remoteFeeder, consumers }: WithHosts): HostsSection[] {
  return [...remote, ...(remoteFeeder ? [remoteFeeder] : []), ...(consumers?.remote ?? [])];
}

function checkUsers(section: HostsSection, context: BindingContext): void {
  const { hosts = [], username } = section;
  if (username === undefined) return;
  for (const [item, host] of hosts.entries()) {
    const user = parseHostAddress(host)?.user;
    if (user === undefined || user === username) continue;
    const message = `found another user than ${context.keyName('username')} of the same block, expected one of the two`;
    reportProperty(context, { section, property: 'hosts', item }, message);
  }
}

/** Each thing that differs is said once, however many hosts it is about. */
function checkSection(
  { section, group, first }: { section: HostsSection; group: AnyGroup; first: Map<string, Use> },
  context: BindingContext,
): void {
  const own = new Map<string, Use>();
  const reported = new Set<SshSetting>();
  for (const [index, host] of (section.hosts ?? []).entries()) {
    const agent = siteOf(host, section, group)?.agent;
    if (agent === undefined) continue;
    const use = { section, index };
    const [twice, known] = [own.get(agent), first.get(agent)];
    if (twice) reportTwice(use, twice, context);
    else if (known) compare(use, known, { context, reported });
    own.set(agent, use);
    if (!known) first.set(agent, use);
  }
}

/** The same text twice is reported where the list is read. */
function reportTwice({ section, index }: Use, known: Use, context: BindingContext): void {
  if (section.hosts![index] === section.hosts![known.index]) return;
  const message = `found the user, host and port of hosts[${known.index}] a second time, expected them once`;
  reportProperty(context, { section, property: 'hosts', item: index }, message);
}

function compare(
  use: Use,
  known: Use,
  { context, reported }: { context: BindingContext; reported: Set<SshSetting> },
): void {
  for (const setting of Object.keys(SSH_SETTINGS) as SshSetting[]) {
    if (reported.has(setting) || valueOf(use.section, setting) === valueOf(known.section, setting)) continue;
    reported.add(setting);
    reportDifference(setting, use, known, context);
  }
}

function valueOf(section: HostsSection, setting: SshSetting): unknown {
  return section[setting] ?? SSH_SETTINGS[setting];
}

/** Values are not shown: some come from the environment. */
function reportDifference(setting: SshSetting, { section, index }: Use, known: Use, context: BindingContext): void {
  const key = context.keyName(setting);
  const there = context.origins.get(known.section)?.path ?? '';
  const why = `hosts[${known.index}] there and hosts[${index}] here are one agent (user, host, port, path and ${context.keyName('binPath')} are the same), which is reached in one way`;
  if (section[setting] === undefined) {
    reportSection(
      context,
      section,
      `the key ${key} is missing, but given in ${there}: ${why}; expected the same in both`,
    );
  } else {
    const message = `found another ${key} than in ${there}: ${why}; expected the same in both`;
    reportProperty(context, { section, property: setting }, message);
  }
}
