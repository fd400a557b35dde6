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
  if (isOver(record)) return unchanged(record);
  switch (event.type) {
    case 'wait':
      return unchanged(record.state === 'created' ? { ...record, state: 'waiting' } : record);
    case 'dependency-failed':
      return dependencyFailed(record, event.group);
    case 'start':
      return isNew(record) ? [{ ...record, state: 'starting' }, [{ type: 'spawn' }]] : unchanged(record);
    case 'seen':
      return unchanged({ ...record, seenAt: context.now });
    case 'unwant':
      return unchanged({ ...record, unwanted: true, state: isNew(record) ? 'stopped' : record.state });
    case 'stop':
      return end(record, 'ask-to-stop');
    case 'kill':
      return end(record, 'kill');
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

function end(record: ProcessRecord, how: 'ask-to-stop' | 'kill'): ProcessDecision {
  const next = { ...record, unwanted: true };
  return isNew(record) ? unchanged({ ...next, state: 'stopped' }) : [next, [{ type: how }]];
}

function reported(record: ProcessRecord, change: ProcessChange, { now }: ProcessContext): ProcessDecision {
  const next: ProcessRecord = {
    ...record,
    // An agent that is new has not begun what it was told to.
    state: change.state === 'created' ? 'starting' : change.state,
    pid: change.pid,
    incarnation: change.incarnation,
    wasReady: record.wasReady || change.state === 'running',
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
