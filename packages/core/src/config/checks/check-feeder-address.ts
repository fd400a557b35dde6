import type { BindingContext } from '../binding/binding-context.js';
import { DEFAULTS } from '../defaults.js';
import { isLoopback } from '../host-address.js';
import { reportProperty, reportSection } from './report.js';
import { consumerSites, feederSite, type ConsumerSites, type QueueLike } from './sites.js';

/** Consumers elsewhere must find their feeder: what they would connect to is known before anything starts. */
export function checkFeederAddress(queue: QueueLike, context: BindingContext): void {
  if (queue.localFeeder && queue.remoteFeeder) return;
  const consumers = consumerSites(queue);
  checkBinding(queue, consumers, context);
  for (const each of consumers) {
    checkHost(queue, each, context);
    checkPort(queue, each, context);
  }
}

/** Consumers on another machine cannot reach what listens at localhost only. */
function checkBinding(queue: QueueLike, consumers: readonly ConsumerSites[], context: BindingContext): void {
  const section = queue.remoteFeeder ?? queue.localFeeder;
  if (isWritten(section, 'bindTo', context) || !consumers.some((each) => areElsewhere(queue, each))) return;
  const message = `the key ${context.keyName('bindTo')} is missing: consumers on another machine cannot reach a feeder that listens at ${DEFAULTS.feederHost} (its default), expected an address of the feeder's machine (or 0.0.0.0 for all)`;
  reportSection(context, section ?? queue, message);
}

function checkHost(queue: QueueLike, consumers: ConsumerSites, context: BindingContext): void {
  const { section } = consumers;
  if (!areElsewhere(queue, consumers)) return;
  const expected = 'expected the host or address at which these consumers reach the feeder';
  const hint = `for consumers on another machine than the feeder that is their own machine, ${expected}`;
  if (!isWritten(section, 'host', context)) {
    const message = `the key ${context.keyName('host')} is missing, its default is ${DEFAULTS.feederHost}: ${hint}`;
    reportSection(context, section ?? queue, message);
  } else if (section?.host !== undefined && isLoopback(section.host)) {
    reportProperty(context, { section, property: 'host' }, `found an address of the machine itself: ${hint}`);
  }
}

function checkPort(queue: QueueLike, { section, sites }: ConsumerSites, context: BindingContext): void {
  const { port = DEFAULTS.feederPort } = queue.remoteFeeder ?? queue.localFeeder ?? {};
  const { agent } = feederSite(queue);
  if (section?.port === undefined || section.port === port || sites.every((site) => site.agent === agent)) return;
  const feeder = context.keyName(queue.remoteFeeder ? 'remoteFeeder' : 'localFeeder');
  const message = `found another port than the one at which the feeder listens (port of ${feeder}, default ${DEFAULTS.feederPort}), expected the same`;
  reportProperty(context, { section, property: 'port' }, message);
}

/** What is written but wrong was reported where it was read. */
function isWritten(section: object | undefined, property: string, context: BindingContext): boolean {
  return section !== undefined && context.origins.property(section, property) !== undefined;
}

function areElsewhere(queue: QueueLike, { sites }: ConsumerSites): boolean {
  const { machine } = feederSite(queue);
  return sites.some((site) => site.machine !== machine);
}
