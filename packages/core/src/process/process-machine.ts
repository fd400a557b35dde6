/*
 * The life of a supervised process, as decisions without I/O.
 *
 *   created --start--> starting --ready--> running --stop, ended, limits--> stopping --exited--> stopped
 *      |  \             |  \________________|_________________________________|
 *      |   wait         | spawn-failed      exited                               by itself: see `process-afterlife.ts`
 *      |    v           v                   v
 *      |  waiting     failed | backoff --due--> starting
 *      stop: stopped; suspend: suspended --resume--> starting; recycle: stopped or failed --> backoff
 *
 * Owner: the launcher that has the process. The whole table is in docs/supervision-table.md.
 */
import { afterEnd } from './process-afterlife.js';
import {
  dependencyFailed,
  log,
  unchanged,
  type ProcessContext,
  type ProcessDecision,
  type ProcessEffect,
  type ProcessEvent,
} from './process-decision.js';
import type { ExitReason, ProcessExit } from './process-exit.js';
import {
  ageLimit,
  createRecord,
  hasNothing,
  isLive,
  isOver,
  processDeadline,
  type ProcessRecord,
} from './process-record.js';

/** The limit at which a process is killed, as a multiple of that at which it is asked to stop. */
const KILL_AT = 1.5;
const MB = 1_048_576;

/** Nothing counts of what it did before. */
const CLEAN = { timeoutsInARow: 0, restarts: [], recycles: [] } as const;

/** The only place where a record changes. An event that does not fit the state changes nothing. */
export function decideProcess(record: ProcessRecord, event: ProcessEvent, context: ProcessContext): ProcessDecision {
  switch (event.type) {
    case 'wait':
      return record.state === 'created' ? unchanged({ ...record, state: 'waiting' }) : unchanged(record);
    case 'dependency-failed':
      return dependencyFailed(record, event.group);
    case 'start':
      return startWanted(record, context);
    case 'spawned':
      return isLive(record) ? spawned(record, event.pid, context) : unchanged(record);
    case 'spawn-failed':
      return isLive(record) ? spawnFailed(record, event.error, context) : unchanged(record);
    case 'ready':
      return record.state === 'starting'
        ? [becomeReady({ ...record, adopts: event.adopts ?? false }, context.now, context), []]
        : [seen(record, context.now), []];
    case 'waiting':
      return unchanged(
        record.state === 'starting' ? { ...record, waits: event.waiting, spawnedAt: context.now } : record,
      );
    case 'seen':
      return [seen(record, context.now), []];
    case 'measured':
      return isLive(record) ? measured(record, event.rssBytes, context.now) : unchanged(record);
    case 'reading-resumed':
      return [{ ...record, silentSince: context.now }, []];
    case 'ended':
      return ended(record, event.code, context.now);
    case 'item-timeout':
      return record.killed
        ? unchanged(record)
        : kill(record, 'item-timeout', log('warn', `${event.reason}, force kill`));
    case 'exited':
      return isLive(record) ? exited(record, event, context) : unchanged(record);
    case 'unwant':
      return unchanged(
        hasNothing(record) ? { ...record, unwanted: true, state: 'stopped' } : { ...record, unwanted: true },
      );
    case 'stop':
      return stop(record, context.now);
    case 'suspend':
      return suspend(record, context.now);
    case 'resume':
      return resume(record, context);
    case 'recycle':
      return recycle(record, context.now);
    case 'renew':
      return unchanged(renewed(record));
    case 'kill':
      return kill({ ...record, unwanted: true }, 'killed');
    case 'force':
      return kill(record, 'killed');
    case 'due':
      return due(record, context);
    default:
      return unchanged(record);
  }
}

/**
 * What was stopped because it was unwanted may be wanted again; if it is still stopping, it starts when it has stopped.
 * One that has just ended waits for its turn, so that its end is told before the next incarnation begins.
 */
function startWanted(record: ProcessRecord, context: ProcessContext): ProcessDecision {
  if (isNew(record)) return start(record, context);
  if (!record.unwanted) return unchanged(record);
  const wanted = { ...record, unwanted: false, suspended: false };
  if (record.state === 'stopped') return unchanged({ ...wanted, state: 'backoff', dueAt: context.now });
  return unchanged(isLive(record) ? { ...wanted, resumed: true } : record);
}

function start(record: ProcessRecord, { now }: ProcessContext): ProcessDecision {
  const next: ProcessRecord = {
    ...record,
    state: 'starting',
    incarnation: record.incarnation + 1,
    pid: undefined,
    endReason: undefined,
    killed: false,
    resumed: false,
    waits: false,
    endedCode: undefined,
    rssBytes: undefined,
    spawnedAt: now,
    agedAt: Infinity,
  };
  return [next, [{ type: 'spawn' }]];
}

/** A program of its own has no way to say `ready`: it runs from its spawn. */
function spawned(record: ProcessRecord, pid: number, context: ProcessContext): ProcessDecision {
  const next = { ...record, pid };
  const running = record.spec.config.console === false && record.state === 'starting';
  return [
    running ? becomeReady(next, record.spawnedAt, context) : next,
    [{ type: 'publish', name: 'process_started' }, ...(record.killed ? [{ type: 'kill' } as const] : [])],
  ];
}

function spawnFailed(record: ProcessRecord, error: string, context: ProcessContext): ProcessDecision {
  const exit: ProcessExit = { code: null, signal: null, reason: 'spawn-failed', forced: false, error };
  const [next, effects] = afterEnd(record, exit, context);
  return [next, [log('error', `Could not be started: ${error}`), ...effects]];
}

function becomeReady(record: ProcessRecord, now: number, { random }: ProcessContext): ProcessRecord {
  const agedAt = now + ageLimit(record, random());
  return { ...record, state: 'running', wasReady: true, readyAt: now, silentSince: now, seenAt: now, agedAt };
}

/** Seen later than one timeout after its `ready`, an incarnation has proven itself: time-outs count from zero again. */
function seen(record: ProcessRecord, now: number): ProcessRecord {
  // What had waited to be read when it was killed for its silence proves nothing.
  const proven =
    record.state === 'running' && !record.killed && now - record.readyAt > record.spec.config.timeout * 1000;
  return { ...record, seenAt: now, silentSince: now, timeoutsInARow: proven ? 0 : record.timeoutsInARow };
}

/** Over its limit a process may finish what it does; far over it, it is a danger to the others. */
function measured(record: ProcessRecord, rssBytes: number, now: number): ProcessDecision {
  const next = { ...record, rssBytes };
  const limit = (record.spec.config.memoryLimit ?? Infinity) * MB;
  const used = `${Math.round(rssBytes / MB)} MB of memory, its limit is ${record.spec.config.memoryLimit} MB`;
  if (rssBytes >= limit * KILL_AT && !record.killed) {
    return kill(next, 'memory-limit', log('warn', `Has ${used}, force kill`));
  }
  if (rssBytes < limit || record.state === 'stopping' || record.killed || record.unwanted) return unchanged(next);
  return askToStop(next, 'memory-limit', now, log('warn', `Has ${used}, stopping it for a fresh start`));
}

/** The slave's work is done; what is left of it after `stop_timeout` is killed. */
function ended(record: ProcessRecord, code: number, now: number): ProcessDecision {
  const said = { ...seen(record, now), endedCode: code };
  if (record.state !== 'running' && record.state !== 'starting') return unchanged(said);
  return unchanged({ ...said, state: 'stopping', stopAskedAt: now, endReason: record.endReason ?? 'ended' });
}

/** What has ended by itself before it heard of the stop is as good as stopped: it may be wanted again. */
function stop(record: ProcessRecord, now: number): ProcessDecision {
  const next = { ...record, unwanted: true };
  if (isOver(record)) return unchanged(next);
  if (hasNothing(record)) return unchanged({ ...next, state: 'stopped' });
  return record.state === 'stopping' ? unchanged(next) : askToStop(next, 'stopped', now);
}

function suspend(record: ProcessRecord, now: number): ProcessDecision {
  if (isOver(record)) return unchanged(record);
  const next = { ...record, suspended: true };
  if (hasNothing(record)) return unchanged({ ...next, state: 'suspended' });
  return record.state === 'stopping' ? unchanged(next) : askToStop(next, 'stopped', now);
}

/** One that is still stopping starts again when it has stopped. */
function resume(record: ProcessRecord, context: ProcessContext): ProcessDecision {
  const next = { ...record, suspended: false, resumed: record.suspended };
  if (record.state !== 'suspended') return unchanged(next);
  // What it has handed out may still be at work elsewhere.
  if (record.spec.queue?.role === 'feeder') return unchanged({ ...next, state: 'backoff', dueAt: context.now });
  return start(next, context);
}

/** Its past counts no more. What was not started yet starts in its turn; what has just ended waits for its own, see `startWanted`. */
function recycle(record: ProcessRecord, now: number): ProcessDecision {
  if (isNew(record)) return unchanged(record);
  const next = { ...record, ...CLEAN, unwanted: false, suspended: false };
  if (!isLive(record)) return unchanged({ ...next, state: 'backoff', dueAt: now });
  const again = { ...next, resumed: true };
  return record.state === 'stopping' ? unchanged(again) : askToStop(again, 'stopped', now);
}

/** The number of its next incarnation goes on. */
function renewed(record: ProcessRecord): ProcessRecord {
  if (record.state !== 'suspended' && !isOver(record)) return record;
  return { ...createRecord(record.spec), incarnation: record.incarnation };
}

function isNew({ state }: ProcessRecord): boolean {
  return state === 'created' || state === 'waiting';
}

function askToStop(record: ProcessRecord, reason: ExitReason, now: number, ...told: ProcessEffect[]): ProcessDecision {
  const next = { ...record, state: 'stopping' as const, stopAskedAt: now, endReason: record.endReason ?? reason };
  return [next, [...told, { type: 'ask-to-stop' }]];
}

/** The record stays live until the exit is reported: only that proves that the process is gone. */
function kill(record: ProcessRecord, reason: ExitReason, ...effects: ProcessEffect[]): ProcessDecision {
  if (!isLive(record)) return unchanged(isOver(record) || !record.unwanted ? record : { ...record, state: 'stopped' });
  const next = { ...record, killed: true, endReason: firstReason(record, reason) };
  return [next, [...effects, { type: 'kill' }]];
}

/** A stop that had to be enforced is told as such; any other first reason stays. */
function firstReason(record: ProcessRecord, reason: ExitReason): ExitReason {
  const asked = record.endReason === undefined || record.endReason === 'stopped' || record.endReason === 'ended';
  return asked ? reason : record.endReason!;
}

function due(record: ProcessRecord, context: ProcessContext): ProcessDecision {
  if (context.now < processDeadline(record)) return unchanged(record);
  switch (record.state) {
    case 'backoff':
      return start(record, context);
    case 'starting':
      return kill(record, 'start-timeout', log('warn', 'Timeout reached while waiting for readiness...'));
    case 'running':
      return context.now >= record.agedAt && !record.unwanted ? aged(record, context.now) : timedOut(record);
    default:
      return kill(record, 'stop-timeout', log('warn', 'Timeout reached while waiting for soft stop...'));
  }
}

function aged(record: ProcessRecord, now: number): ProcessDecision {
  return askToStop(record, 'max-age', now, log('log', 'Has reached its age, stopping it for a fresh start'));
}

function timedOut(record: ProcessRecord): ProcessDecision {
  return kill(
    { ...record, timeoutsInARow: record.timeoutsInARow + 1 },
    'timeout',
    { type: 'publish', name: 'process_timedout' },
    log('warn', 'Timeout reached while waiting for data...'),
  );
}

function exited(
  record: ProcessRecord,
  { code, signal, lastLines }: Extract<ProcessEvent, { type: 'exited' }>,
  context: ProcessContext,
): ProcessDecision {
  const rss = record.rssBytes === undefined ? {} : { rss: Math.round(record.rssBytes / MB) };
  const said = lastLines === undefined ? {} : { lastLines };
  const reason = record.endReason ?? 'ended';
  return afterEnd(record, { code, signal, reason, forced: record.killed, ...said, ...rss }, context);
}
