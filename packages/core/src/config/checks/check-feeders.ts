import type { BindingContext } from '../binding/binding-context.js';
import { DEFAULTS } from '../defaults.js';
import { quote } from '../reading/describe-node.js';
import type { JobQueueSection } from '../schema/job-queue-section.js';
import type { QueueGroupSection } from '../schema/queue-group-section.js';
import type { RootSection } from '../schema/root-section.js';
import { reportProperty, reportSection } from './report.js';

type Queue = QueueGroupSection | JobQueueSection;

const LOCAL = 'localhost';

/** Two feeders that listen must not want the same port of one host, and a SQLite file is for processes of one host. */
export function checkFeeders(root: RootSection, context: BindingContext): void {
  const queues = [...(root.queueGroups ?? []), ...(root.jobQueues ?? [])];
  checkPorts(queues, context);
  for (const queue of queues) if (usesSqlite(queue, root)) checkOneHost(queue, context);
}

function checkPorts(queues: readonly Queue[], context: BindingContext): void {
  const taken = new Map<string, string>();
  for (const queue of queues.filter(listens)) {
    const port = feederOf(queue).port ?? DEFAULTS.feederPort;
    const key = `${feederHost(queue)} ${port}`;
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

function reportPort(queue: Queue, message: string, context: BindingContext): void {
  const section = queue.remoteFeeder ?? queue.localFeeder;
  if (section) reportProperty(context, { section, property: 'port' }, message);
  else reportSection(context, queue, message);
}

/** A feeder opens a port only for consumers on other hosts than its own. */
function listens(queue: Queue): boolean {
  return consumerHosts(queue).some((host) => host !== feederHost(queue));
}

function checkOneHost(queue: Queue, context: BindingContext): void {
  const hosts = new Set([feederHost(queue), ...consumerHosts(queue)]);
  if (hosts.size <= 1) return;
  const message = `found ${hosts.size} hosts for one SQLite file, expected the feeder and all consumers on one host`;
  reportProperty(context, { section: queue, property: 'consumers' }, message);
}

function usesSqlite(queue: Queue, root: RootSection): boolean {
  const isJobQueue = (root.jobQueues ?? []).some((candidate) => candidate === queue);
  const hasSource = queue.source !== undefined || isJobQueue;
  return hasSource && (queue.source?.driver ?? DEFAULTS.jobSourceDriver) === 'sqlite';
}

function feederOf(queue: Queue): { port?: number } {
  return queue.remoteFeeder ?? queue.localFeeder ?? {};
}

function feederHost(queue: Queue): string {
  return queue.remoteFeeder ? (hostsOf(queue.remoteFeeder)[0] ?? LOCAL) : LOCAL;
}

/** Sections that are checked may lack what they must have: that is reported elsewhere. */
function hostsOf({ hosts = [] }: { hosts?: string[] }): string[] {
  return hosts;
}

/** A job queue without consumers gets local ones. */
function consumerHosts({ consumers }: Queue): string[] {
  const remote = (consumers?.remote ?? []).flatMap(hostsOf);
  return consumers?.local || !consumers ? [LOCAL, ...remote] : remote;
}
