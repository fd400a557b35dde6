import type { BindingContext } from '../binding/binding-context.js';
import { DEFAULTS } from '../defaults.js';
import { quote } from '../reading/describe-node.js';
import type { RootSection } from '../schema/root-section.js';
import { checkFeederAddress } from './check-feeder-address.js';
import { reportProperty, reportSection } from './report.js';
import { consumerSites, feederSite, type QueueLike } from './sites.js';

/** Two feeders that listen must not want the same port of one host, and a SQLite file is for processes of one host. */
export function checkFeeders(root: RootSection, context: BindingContext): void {
  const queues = [...(root.queueGroups ?? []), ...(root.jobQueues ?? [])];
  checkPorts(queues, context);
  for (const queue of queues) {
    if (usesSqlite(queue, root)) checkOneHost(queue, context);
    else checkFeederAddress(queue, context);
  }
}

function checkPorts(queues: readonly QueueLike[], context: BindingContext): void {
  const taken = new Map<string, string>();
  for (const queue of queues.filter(listens)) {
    const { port = DEFAULTS.feederPort } = queue.remoteFeeder ?? queue.localFeeder ?? {};
    const key = `${feederSite(queue).listener} ${port}`;
    const first = taken.get(key);
    if (first === undefined) taken.set(key, queue.name);
    else
      reportPort(
        queue,
        `found the host and port of the feeder of ${quote(first)} again, expected another port`,
        context,
      );
  }
}

function reportPort(queue: QueueLike, message: string, context: BindingContext): void {
  const section = queue.remoteFeeder ?? queue.localFeeder;
  if (section) reportProperty(context, { section, property: 'port' }, message);
  else reportSection(context, queue, message);
}

/** A feeder opens a port only for consumers that are under another agent. */
function listens(queue: QueueLike): boolean {
  const { agent } = feederSite(queue);
  return consumerSites(queue).some(({ sites }) => sites.some((site) => site.agent !== agent));
}

function checkOneHost(queue: QueueLike, context: BindingContext): void {
  const sites = [feederSite(queue), ...consumerSites(queue).flatMap((each) => each.sites)];
  const { size } = new Set(sites.map(({ machine }) => machine));
  if (size <= 1) return;
  const message = `found ${size} hosts for one SQLite file, expected the feeder and all consumers on one host`;
  reportProperty(context, { section: queue, property: 'consumers' }, message);
}

function usesSqlite(queue: QueueLike, root: RootSection): boolean {
  const isJobQueue = (root.jobQueues ?? []).some((candidate) => candidate === queue);
  const hasSource = queue.source !== undefined || isJobQueue;
  return hasSource && (queue.source?.driver ?? DEFAULTS.jobSourceDriver) === 'sqlite';
}
