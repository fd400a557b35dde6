/*
 * What a master knows of a process that an agent supervises: the agent decides and reports, and is told what is wanted
 * of it. Decisions without I/O; the table is in docs/supervision-table.md.
 *
 * What is reported is complete: the link to the host tells each start and each exit once, in their order, also those of
 * a host that was lost, and what has stopped because nothing can be alive where it was.
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
import { isOver, type ProcessRecord } from './process-record.js';

/** The only place where the record of a remote process changes. An event that does not fit the state changes nothing. */
export function decideRemoteProcess(
  record: ProcessRecord,
  event: ProcessEvent,
  context: ProcessContext,
): ProcessDecision {
  if (isOver(record)) return event.type === 'start' ? startAgain(record) : unchanged(record);
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
      return unchanged({ ...record, unwanted: true, state: isNew(record) ? 'stopped' : record.state });
    case 'stop':
      return end(record, 'ask-to-stop');
    case 'kill':
      return end(record, 'kill');
    case 'item-timeout':
      return isNew(record) ? unchanged(record) : [record, [{ type: 'item-timeout', reason: event.reason }]];
    case 'reported':
      return reported(record, event.change, context);
    default:
      return unchanged(record);
  }
}

/** Its agent has not been told of it. */
function isNew(record: ProcessRecord): boolean {
  return record.state === 'created' || record.state === 'waiting';
}

/** What was stopped because it was unwanted may be wanted again; if it is still stopping, its agent starts it then. */
function startAgain(record: ProcessRecord): ProcessDecision {
  if (!record.unwanted || record.state === 'failed') return unchanged(record);
  const state = record.state === 'stopped' ? 'starting' : record.state;
  return [{ ...record, state, unwanted: false, endReason: undefined, killed: false }, [{ type: 'spawn' }]];
}

/** Whoever asks again and again says it once. */
function end(record: ProcessRecord, how: 'ask-to-stop' | 'kill'): ProcessDecision {
  if (isNew(record)) return unchanged({ ...record, unwanted: true, state: 'stopped' });
  const wasAsked = record.unwanted && (record.killed || (how === 'ask-to-stop' && record.endReason === 'stopped'));
  if (wasAsked) return unchanged(record);
  const next = { ...record, unwanted: true, endReason: 'stopped', killed: how === 'kill' } as const;
  return [next, [{ type: how }]];
}

function reported(record: ProcessRecord, change: ProcessChange, { now }: ProcessContext): ProcessDecision {
  const next: ProcessRecord = {
    ...record,
    // An agent that is new has not begun what it was told to.
    state: change.state === 'created' ? 'starting' : change.state,
    pid: change.pid,
    incarnation: change.incarnation,
    wasReady: record.wasReady || change.state === 'running',
    adopts: change.state === 'running' ? (change.adopts ?? false) : record.adopts,
    seenAt: change.state === 'unreachable' ? record.seenAt : now,
  };
  return [next, published(change)];
}

function published({ published: name, exit }: ProcessChange): ProcessEffect[] {
  if (name === undefined) return [];
  if (name !== 'process_stopped') return [{ type: 'publish', name }];
  if (exit === undefined) return [];
  // Of any other end its agent has logged what there is to say.
  const told = exit.reason === 'lost' ? [log('warn', 'Has ended with its agent, nobody saw how')] : [];
  return [...told, { type: 'publish', name, exit }];
}
