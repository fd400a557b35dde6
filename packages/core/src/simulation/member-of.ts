import { SimConsumer } from './sim-consumer.js';
import { SimFeeder } from './sim-feeder.js';
import type { MemberLinks, SimMember } from './sim-member.js';

/** What the program of a process plays, when it belongs to a queue group. */
export function memberOf(links: MemberLinks): SimMember | undefined {
  const { queue } = links.incarnation.spec;
  if (queue === undefined) return undefined;
  return queue.role === 'feeder' ? new SimFeeder(links) : new SimConsumer(links);
}
