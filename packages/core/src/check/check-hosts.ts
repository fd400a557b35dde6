import type { GroupOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import type { CheckHostsOptions } from './check-options.js';
import type { HostCheck } from './host-check.js';

/**
 * Looks at every host of these groups, all at a time: whether it can be reached, lets us in, and has what an agent needs;
 * and at this machine, where a feeder is to listen for other hosts. Starts nothing. What is wrong with a host is in its
 * result.
 *
 * @throws ConfigError when one of `hosts` is no host
 */
export async function checkHosts(
  groups: readonly (GroupOptions | QueueGroupOptions)[],
  options: CheckHostsOptions = {},
): Promise<HostCheck[]> {
  const { probeHosts } = await import('./probe-hosts.js');
  return probeHosts(groups, options);
}
