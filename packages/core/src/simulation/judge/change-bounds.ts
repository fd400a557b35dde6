import { resolveGroup } from '../../config/resolve-group.js';
import type { AnyGroup, Schedule } from '../schedule.js';
import type { SimRun } from '../sim-run.js';

/** See rollout: for kill, exit and report. */
const GRACE_MS = 5000;
/** A change stops, starts, and may have to undo both. */
const ROUNDS = 4;

/** The longest that a change may take; Infinity: what never boots is waited for, or a host out of reach. */
export function changeMs({ fleet }: SimRun, { remote }: Schedule): number {
  if (remote !== undefined) return Infinity;
  const processes = fleet.view().length + fleet.ever.reduce((sum, group) => sum + mostOf(group), 0);
  const longest = Math.max(...fleet.ever.map(turnMs));
  const pauses = fleet.ever.reduce((sum, { reload }) => sum + (reload?.pause ?? 0) * 1000, 0) * processes;
  return ROUNDS * (processes + 1) * longest + pauses;
}

function turnMs(group: AnyGroup): number {
  const { startTimeout, stopTimeout } = resolveGroup(group as Parameters<typeof resolveGroup>[0]);
  if (startTimeout === 0) return Infinity;
  const { itemTimeout = 0, abortGrace = 5 } = 'consumers' in group ? group : {};
  return (startTimeout + stopTimeout + itemTimeout + abortGrace) * 1000 + GRACE_MS;
}

function mostOf(group: AnyGroup): number {
  const blocks = 'consumers' in group ? group.consumers : group;
  return [blocks.local ?? {}, ...(blocks.remote ?? [])].reduce(
    (sum, { instancesCount = 1, maxInstances = 0 }: { instancesCount?: number; maxInstances?: number }) =>
      sum + Math.max(instancesCount, maxInstances),
    1,
  );
}
