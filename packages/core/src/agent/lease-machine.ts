/*
 * The lease of an agent, as decisions without I/O: while it is held, processes may run.
 *
 *   none --hello--> offered --echo--> held --half of it--> half --its end--> fenced --hello--> offered
 *                                       ^_______echo_________|
 *   any but fenced --bye--> leaving --the end of the lease--> fenced
 *
 *   | state         | event                      | next    | what is done                                    |
 *   | ------------- | -------------------------- | ------- | ----------------------------------------------- |
 *   | none, fenced  | hello                      | offered | an echo of a time from now on gives the lease   |
 *   | held, half    | hello                      | same    |                                                 |
 *   | offered       | echo of a time not before the hello | held | resume-all                                |
 *   | held          | echo                       | held    | counts from the time echoed                     |
 *   | half          | echo of a later time       | held    | resume-all (half again, when it comes that late) |
 *   | held          | due, half the lease is over | half   | stop-all                                        |
 *   | held, half, leaving | due, the lease is over | fenced | kill-all                                        |
 *   | none, offered | bye                        | fenced  | kill-all: there is nothing                      |
 *   | held, half    | bye                        | leaving | stop-all                                        |
 *   | any           | an echo from the future, or of an earlier time | same |                                |
 *
 * The end of the lease comes before any other event: an agent that was frozen is fenced before it reads what waited for
 * it. Half of it does not: an echo that waited saves the processes.
 * Owner: agent-session.ts.
 */

export type LeasePhase = 'none' | 'offered' | 'held' | 'half' | 'leaving' | 'fenced';

/** Replaced as a whole. Times are the agent's monotonic milliseconds. */
export interface Lease {
  readonly phase: LeasePhase;
  readonly leaseMs: number;
  /** The lease counts from here; when offered, an echo must not be older. */
  readonly since: number;
}

export type LeaseEvent =
  | { readonly type: 'hello'; readonly leaseMs: number }
  | { readonly type: 'echo'; readonly at: number }
  | { readonly type: 'due' }
  | { readonly type: 'bye' };

export type LeaseEffect = 'stop-all' | 'resume-all' | 'kill-all';

export type LeaseDecision = readonly [Lease, readonly LeaseEffect[]];

/** Before the first hello. */
export const NO_LEASE: Lease = { phase: 'none', leaseMs: 0, since: 0 };

/** The only place where a lease changes. */
export function decideLease(lease: Lease, event: LeaseEvent, now: number): LeaseDecision {
  const [current, fenced] = isOver(lease, now) ? fence(lease) : ([lease, []] as const);
  const [next, effects] = react(current, event, now);
  return [next, [...fenced, ...effects]];
}

/** Whether processes may run and be started. */
export function isHeld(lease: Lease): boolean {
  return lease.phase === 'held' || lease.phase === 'half';
}

/** What is left of the lease, in milliseconds; 0 when it is not held. */
export function remainingMs(lease: Lease, now: number): number {
  return isHeld(lease) ? Math.max(0, lease.since + lease.leaseMs - now) : 0;
}

/** When it has to be looked at again; Infinity: not before something happens. */
export function leaseDeadline(lease: Lease): number {
  switch (lease.phase) {
    case 'held':
      return lease.since + lease.leaseMs / 2;
    case 'half':
    case 'leaving':
      return lease.since + lease.leaseMs;
    default:
      return Infinity;
  }
}

function react(lease: Lease, event: LeaseEvent, now: number): LeaseDecision {
  switch (event.type) {
    case 'hello':
      return hello(lease, event.leaseMs, now);
    case 'echo':
      return echo(lease, event.at, now);
    case 'bye':
      return bye(lease);
    case 'due':
      return due(lease, now);
  }
}

function hello(lease: Lease, leaseMs: number, now: number): LeaseDecision {
  if (isHeld(lease) || lease.phase === 'leaving') return [lease, []];
  return [{ phase: 'offered', leaseMs, since: now }, []];
}

function echo(lease: Lease, at: number, now: number): LeaseDecision {
  if (at > now || at < lease.since || !(isHeld(lease) || lease.phase === 'offered')) return [lease, []];
  if (lease.phase === 'half' && at === lease.since) return [lease, []];
  const resumed: LeaseEffect[] = lease.phase === 'held' ? [] : ['resume-all'];
  const [next, overdue] = due({ ...lease, phase: 'held', since: at }, now);
  return overdue.length === 0 ? [next, resumed] : [next, lease.phase === 'half' ? withoutRepeat(overdue) : overdue];
}

/** In the second half all were asked to stop before. */
function withoutRepeat(effects: readonly LeaseEffect[]): LeaseEffect[] {
  return effects.filter((effect) => effect !== 'stop-all');
}

function bye(lease: Lease): LeaseDecision {
  if (isHeld(lease)) return [{ ...lease, phase: 'leaving' }, ['stop-all']];
  if (lease.phase === 'leaving' || lease.phase === 'fenced') return [lease, []];
  return [{ ...lease, phase: 'fenced' }, ['kill-all']];
}

function due(lease: Lease, now: number): LeaseDecision {
  if (isOver(lease, now)) return fence(lease);
  return now < leaseDeadline(lease) ? [lease, []] : [{ ...lease, phase: 'half' }, ['stop-all']];
}

function isOver(lease: Lease, now: number): boolean {
  return (isHeld(lease) || lease.phase === 'leaving') && now >= lease.since + lease.leaseMs;
}

function fence(lease: Lease): LeaseDecision {
  return [{ ...lease, phase: 'fenced' }, ['kill-all']];
}
