/*
 * What a master knows of a process that an agent supervises: the agent decides and reports, and is told what is wanted
 * of it. Decisions without I/O; the table is in docs/supervision-table.md.
 *
 * What is reported is complete: the link to the host tells each start and each exit once, in their order, also those of
 * a host that was lost, and what has stopped because nothing can be alive where it was.
 *
 * What is suspended or recycled is a process of which the agent is told to stop it: `suspended` and `resumed` of the record
 * say what becomes of it when the agent has reported that it has stopped.
 */
import type { ProcessChange } from './process-change.js';
import {
  dependencyFailed,
  log,
  unchanged,
  type ProcessContext,
  type ProcessDecision,
  type ProcessEffect,
  type ProcessEvent,
} from './process-decision.js';
import { createRecord, isOver, type ProcessRecord } from './process-record.js';
import type { ProcessState } from './process-state.js';

/** The only place where the record of a remote process changes. An event that does not fit the state changes nothing. */
export function decideRemoteProcess(
  record: ProcessRecord,
  event: ProcessEvent,
  context: ProcessContext,
): ProcessDecision {
  if (isOver(record)) return afterItsEnd(record, event);
  switch (event.type) {
    case 'wait':
      return unchanged(record.state === 'created' ? { ...record, state: 'waiting' } : record);
    case 'dependency-failed':
      return dependencyFailed(record, event.group);
    case 'start':
      return isNew(record) ? [{ ...record, state: 'starting' }, [{ type: 'spawn' }]] : startAgain(record);
    case 'seen':
      return unchanged({ ...record, seenAt: context.now });
    case 'unwant':
      return unchanged({ ...record, unwanted: true, state: isAbsent(record) ? 'stopped' : record.state });
    case 'stop':
      return end(record, 'ask-to-stop');
    case 'kill':
      return end(record, 'kill');
    case 'suspend':
      return suspend(record);
    case 'resume':
      return resume(record);
    case 'recycle':
      return recycle(record);
    case 'renew':
      return renew(record);
    case 'force':
      return force(record);
    case 'item-timeout':
      return isAbsent(record) ? unchanged(record) : [record, [{ type: 'item-timeout', reason: event.reason }]];
    case 'reported':
      return reported(record, event.change, context);
    default:
      return unchanged(record);
  }
}

function afterItsEnd(record: ProcessRecord, event: ProcessEvent): ProcessDecision {
  switch (event.type) {
    case 'start':
      return startAgain(record);
    case 'recycle':
      // Told both, its agent takes it for one that was stopped and is wanted again.
      return [begun(record, 'backoff'), [{ type: 'ask-to-stop' }, { type: 'spawn' }]];
    case 'renew':
      return renew(record);
    default:
      return unchanged(record);
  }
}

/** Its agent has not been told of it. */
function isNew({ state }: ProcessRecord): boolean {
  return state === 'created' || state === 'waiting';
}

/** Suspended by us; an agent whose lease was half over reports that state, too. */
function isSuspended({ state, suspended }: ProcessRecord): boolean {
  return state === 'suspended' && suspended;
}

/** Its agent has nothing of it, and will not report anything. */
function isAbsent(record: ProcessRecord): boolean {
  return isNew(record) || isSuspended(record);
}

/** Nothing holds it back any more. */
function begun(record: ProcessRecord, state: ProcessState): ProcessRecord {
  const free = { unwanted: false, suspended: false, resumed: false, killed: false };
  return { ...record, ...free, state, endReason: undefined };
}

/** What was stopped because it was unwanted may be wanted again; if it is still stopping, its agent starts it then. */
function startAgain(record: ProcessRecord): ProcessDecision {
  if (!record.unwanted || record.state === 'failed') return unchanged(record);
  return [begun(record, record.state === 'stopped' ? 'starting' : record.state), [{ type: 'spawn' }]];
}

/** Whoever asks again and again says it once. */
function end(record: ProcessRecord, how: 'ask-to-stop' | 'kill'): ProcessDecision {
  if (isAbsent(record)) return unchanged({ ...record, unwanted: true, state: 'stopped' });
  const next = { ...record, unwanted: true };
  if (record.killed || (how === 'ask-to-stop' && isAsked(record))) return unchanged(next);
  return [{ ...next, endReason: 'stopped', killed: how === 'kill' }, [{ type: how }]];
}

function isAsked({ endReason }: ProcessRecord): boolean {
  return endReason === 'stopped';
}

function suspend(record: ProcessRecord): ProcessDecision {
  const next: ProcessRecord = { ...record, suspended: true, resumed: false };
  if (isNew(record)) return unchanged({ ...next, state: 'suspended' });
  return isSuspended(record) ? unchanged(record) : askToStop(next);
}

/** One that was not reported stopped starts again at its end, or goes on where the host has not heard of the stop. */
function resume(record: ProcessRecord): ProcessDecision {
  if (!record.suspended || record.unwanted) return unchanged({ ...record, suspended: false });
  return [begun(record, isSuspended(record) ? 'starting' : record.state), [{ type: 'spawn' }]];
}

/** It is told to run again only when its end was reported: a stop and a run after each other may be told as one. */
function recycle(record: ProcessRecord): ProcessDecision {
  if (isNew(record)) return unchanged(record);
  if (isSuspended(record)) return [begun(record, 'starting'), [{ type: 'spawn' }]];
  return askToStop({ ...record, unwanted: false, suspended: false, resumed: true });
}

function askToStop(record: ProcessRecord): ProcessDecision {
  return isAsked(record) ? unchanged(record) : [{ ...record, endReason: 'stopped' }, [{ type: 'ask-to-stop' }]];
}

/** It starts in its turn, as if it had never been started; what its agent knows of it counts no more. */
function renew(record: ProcessRecord): ProcessDecision {
  if (!isOver(record) && !isSuspended(record)) return unchanged(record);
  const next = { ...createRecord(record.spec), incarnation: record.incarnation };
  return [next, isOver(record) ? [{ type: 'ask-to-stop' }] : []];
}

function force(record: ProcessRecord): ProcessDecision {
  const isEnding = record.unwanted || record.suspended || record.resumed;
  if (isAbsent(record) || record.killed || !isEnding) return unchanged(record);
  return [{ ...record, killed: true, endReason: 'stopped' }, [{ type: 'kill' }]];
}

function reported(record: ProcessRecord, change: ProcessChange, { now }: ProcessContext): ProcessDecision {
  const next: ProcessRecord = {
    ...record,
    state: stateOf(record, change),
    pid: change.pid,
    incarnation: change.incarnation,
    wasReady: record.wasReady || change.state === 'running',
    adopts: change.state === 'running' ? (change.adopts ?? false) : record.adopts,
    seenAt: change.state === 'unreachable' ? record.seenAt : now,
  };
  const [settled, effects] = isOver(next) && !next.unwanted ? afterStop(next) : unchanged(next);
  return [settled, [...published(change), ...effects]];
}

/** An agent that is new has not begun what it was told to; one whose lease was half over has yet to hear that it is to stop. */
function stateOf({ suspended }: ProcessRecord, { state }: ProcessChange): ProcessState {
  if (state === 'created') return 'starting';
  return state === 'suspended' && suspended ? 'stopping' : state;
}

/** What was asked to stop for a while. What has failed before it heard of that starts again only when it is recycled. */
function afterStop(record: ProcessRecord): ProcessDecision {
  if (record.suspended) return unchanged({ ...record, state: record.state === 'failed' ? 'failed' : 'suspended' });
  return record.resumed ? [begun(record, 'backoff'), [{ type: 'spawn' }]] : unchanged(record);
}

function published({ published: name, exit }: ProcessChange): ProcessEffect[] {
  if (name === undefined) return [];
  if (name !== 'process_stopped') return [{ type: 'publish', name }];
  if (exit === undefined) return [];
  // Of any other end its agent has logged what there is to say.
  const told = exit.reason === 'lost' ? [log('warn', 'Has ended with its agent, nobody saw how')] : [];
  return [...told, { type: 'publish', name, exit }];
}
