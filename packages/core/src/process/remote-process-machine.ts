/*
 * What a master knows of a process that an agent supervises: the agent decides and reports, and is told what is wanted
 * of it. Decisions without I/O; the table is in docs/supervision-table.md.
 *
 * The link to the host tells each start and each exit once, also those of a host that was lost.
 */
import type { ProcessChange } from '../agent/process-change.js';
import {
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
      return record.state === 'waiting' ? dependencyFailed(record, event.group) : unchanged(record);
    case 'start':
      return isNew(record) ? start(record) : unchanged(record);
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
    case 'cut':
      return unchanged(withLink(record, { reachable: false }));
    case 'back':
      return unchanged(withLink(record, { reachable: true, gone: record.remote.gone && isNew(record) }));
    case 'lost':
      return unchanged({ ...withLink(record, { gone: true }), state: record.unwanted ? 'stopped' : record.state });
    default:
      return unchanged(record);
  }
}

/** Its agent has not been told of it. */
function isNew(record: ProcessRecord): boolean {
  return record.state === 'created' || record.state === 'waiting';
}

function withLink(record: ProcessRecord, link: Partial<ProcessRecord['remote']>): ProcessRecord {
  return { ...record, remote: { ...record.remote, ...link } };
}

/** What its agent cannot be told yet, it is told when the host is reached. */
function start(record: ProcessRecord): ProcessDecision {
  return [{ ...withLink(record, { gone: !record.remote.reachable }), state: 'starting' }, [{ type: 'spawn' }]];
}

function dependencyFailed(record: ProcessRecord, group: string): ProcessDecision {
  const message = `Not started: group ${group}, on which it depends, has failed`;
  return [{ ...record, state: 'failed' }, [log('error', message)]];
}

/** Where nothing can be alive there is nothing to wait for, but the agent is told all the same. */
function end(record: ProcessRecord, how: 'ask-to-stop' | 'kill'): ProcessDecision {
  const next = { ...record, unwanted: true };
  if (isNew(record)) return unchanged({ ...next, state: 'stopped' });
  return [record.remote.gone ? { ...next, state: 'stopped' } : next, [{ type: how }]];
}

/** A process that was to be stopped has stopped when its agent says so, or when its host is lost. */
function reported(record: ProcessRecord, change: ProcessChange, { now }: ProcessContext): ProcessDecision {
  const next: ProcessRecord = {
    ...record,
    state: record.unwanted && record.remote.gone ? 'stopped' : change.state,
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
  return exit === undefined ? [] : [{ type: 'publish', name, exit }];
}
