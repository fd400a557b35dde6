/*
 * The life of a supervised process, as decisions without I/O.
 *
 *   created --start--> starting --ready--> running --stop, ended--> stopping --exited--> stopped
 *      |                  |  \________________|_________________________|
 *      | stop             | spawn-failed      exited                       by itself: see `afterEnd`
 *      v                  v                   v
 *   stopped            failed | backoff --due--> starting
 *
 * Owner: the launcher that has the process. The whole table is in docs/architecture.md.
 */
import type { LogLevel } from '../logger/logger.js';
import type { ExitReason, ProcessExit } from './process-exit.js';
import { isLive, isOver, processDeadline, type ProcessRecord } from './process-record.js';
import { recentRestarts, restartDelayMs, wantsRestart } from './restart-policy.js';

/** What happens to a process. */
export type ProcessEvent =
  | { readonly type: 'start' }
  | { readonly type: 'spawned'; readonly pid: number }
  | { readonly type: 'spawn-failed'; readonly error: string }
  | { readonly type: 'ready' }
  | { readonly type: 'seen' }
  | { readonly type: 'reading-resumed' }
  | { readonly type: 'ended'; readonly code: number }
  | { readonly type: 'exited'; readonly code: number | null; readonly signal: NodeJS.Signals | null }
  | { readonly type: 'stop' }
  | { readonly type: 'kill' }
  | { readonly type: 'due' };

/** What has to be done about it, in this order. */
export type ProcessEffect =
  | { readonly type: 'spawn' }
  | { readonly type: 'ask-to-stop' }
  | { readonly type: 'kill' }
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string }
  | { readonly type: 'publish'; readonly name: 'process_started' }
  | { readonly type: 'publish'; readonly name: 'process_timedout' }
  | { readonly type: 'publish'; readonly name: 'process_stopped'; readonly exit: ProcessExit };

/** What decisions need besides the record and the event. */
export interface ProcessContext {
  /** Monotonic milliseconds. */
  readonly now: number;
  /** Time-outs in a row after which a process is given up; 0: never. */
  readonly maxProcessTimeout: number;
  /** A number from 0 to 1. */
  readonly random: () => number;
}

export type ProcessDecision = readonly [ProcessRecord, readonly ProcessEffect[]];

/** The only place where a record changes. An event that does not fit the state changes nothing. */
export function decideProcess(record: ProcessRecord, event: ProcessEvent, context: ProcessContext): ProcessDecision {
  switch (event.type) {
    case 'start':
      return record.state === 'created' ? start(record, context) : unchanged(record);
    case 'spawned':
      return isLive(record) ? spawned(record, event.pid) : unchanged(record);
    case 'spawn-failed':
      return isLive(record) ? spawnFailed(record, event.error, context) : unchanged(record);
    case 'ready':
      return record.state === 'starting' ? [becomeReady(record, context.now), []] : [seen(record, context.now), []];
    case 'seen':
      return [seen(record, context.now), []];
    case 'reading-resumed':
      return [{ ...record, silentSince: context.now }, []];
    case 'ended':
      return ended(record, event.code, context.now);
    case 'exited':
      return isLive(record) ? exited(record, event, context) : unchanged(record);
    case 'stop':
      return stop(record, context.now);
    case 'kill':
      return kill({ ...record, unwanted: true }, 'killed');
    case 'due':
      return due(record, context);
  }
}

function unchanged(record: ProcessRecord): ProcessDecision {
  return [record, []];
}

function start(record: ProcessRecord, { now }: ProcessContext): ProcessDecision {
  const next: ProcessRecord = {
    ...record,
    state: 'starting',
    incarnation: record.incarnation + 1,
    pid: undefined,
    endReason: undefined,
    killed: false,
    endedCode: undefined,
    spawnedAt: now,
  };
  return [next, [{ type: 'spawn' }]];
}

/** A program of its own has no way to say `ready`: it runs from its spawn. */
function spawned(record: ProcessRecord, pid: number): ProcessDecision {
  const next = { ...record, pid };
  const running = record.spec.config.console === false && record.state === 'starting';
  return [
    running ? becomeReady(next, record.spawnedAt) : next,
    [{ type: 'publish', name: 'process_started' }, ...(record.killed ? [{ type: 'kill' } as const] : [])],
  ];
}

function spawnFailed(record: ProcessRecord, error: string, context: ProcessContext): ProcessDecision {
  const exit: ProcessExit = { code: null, signal: null, reason: 'spawn-failed', forced: false, error };
  const [next, effects] = afterEnd(record, exit, context);
  return [next, [log('error', `Could not be started: ${error}`), ...effects]];
}

function becomeReady(record: ProcessRecord, now: number): ProcessRecord {
  return { ...record, state: 'running', readyAt: now, silentSince: now, seenAt: now };
}

/** Seen later than one timeout after its `ready`, an incarnation has proven itself: time-outs count from zero again. */
function seen(record: ProcessRecord, now: number): ProcessRecord {
  const proven = record.state === 'running' && now - record.readyAt > record.spec.config.timeout * 1000;
  return { ...record, seenAt: now, silentSince: now, timeoutsInARow: proven ? 0 : record.timeoutsInARow };
}

/** The slave's work is done; what is left of it after `stop_timeout` is killed. */
function ended(record: ProcessRecord, code: number, now: number): ProcessDecision {
  const said = { ...seen(record, now), endedCode: code };
  if (record.state !== 'running' && record.state !== 'starting') return unchanged(said);
  return unchanged({ ...said, state: 'stopping', stopAskedAt: now, endReason: record.endReason ?? 'ended' });
}

function stop(record: ProcessRecord, now: number): ProcessDecision {
  if (isOver(record)) return unchanged(record);
  const next = { ...record, unwanted: true };
  if (record.state === 'created' || record.state === 'backoff') return unchanged({ ...next, state: 'stopped' });
  if (record.state === 'stopping') return unchanged(next);
  const stopping: ProcessRecord = {
    ...next,
    state: 'stopping',
    stopAskedAt: now,
    endReason: record.endReason ?? 'stopped',
  };
  return [stopping, [{ type: 'ask-to-stop' }]];
}

/** The record stays live until the exit is reported: only that proves that the process is gone. */
function kill(record: ProcessRecord, reason: ExitReason, ...effects: ProcessEffect[]): ProcessDecision {
  if (!isLive(record)) return isOver(record) ? unchanged(record) : unchanged({ ...record, state: 'stopped' });
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
      return timedOut(record);
    default:
      return kill(record, 'stop-timeout', log('warn', 'Timeout reached while waiting for soft stop...'));
  }
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
  { code, signal }: { code: number | null; signal: NodeJS.Signals | null },
  context: ProcessContext,
): ProcessDecision {
  const exit: ProcessExit = { code, signal, reason: record.endReason ?? 'ended', forced: record.killed };
  return afterEnd(record, exit, context);
}

/** What becomes of a process when an incarnation is over. */
function afterEnd(record: ProcessRecord, exit: ProcessExit, context: ProcessContext): ProcessDecision {
  const over: ProcessRecord = { ...record, pid: undefined };
  const told: ProcessEffect[] = [...evidence(over, exit), { type: 'publish', name: 'process_stopped', exit }];
  const [next, effects] = afterlife(over, exit, context);
  return [next, [...told, ...effects]];
}

function evidence(record: ProcessRecord, exit: ProcessExit): ProcessEffect[] {
  if (exit.reason === 'spawn-failed') return [];
  return [...complaint(record, exit), log('log', 'Ended')];
}

function complaint(record: ProcessRecord, exit: ProcessExit): ProcessEffect[] {
  if (exit.forced || succeeded(record, exit)) return [];
  return [log('warn', exit.signal === null ? `Exited with code ${exit.code}` : `Ended by ${exit.signal}`)];
}

function afterlife(record: ProcessRecord, exit: ProcessExit, context: ProcessContext): ProcessDecision {
  if (record.unwanted) return unchanged({ ...record, state: 'stopped' });
  if (exit.reason === 'timeout') return afterTimeout(record, context);
  const success = succeeded(record, exit);
  if (wantsRestart(record.spec.config, success)) return restart(record, context);
  return unchanged({ ...record, state: success ? 'stopped' : 'failed' });
}

/** A process that was killed for silence is started again at once, whatever `restart` says, until it is given up. */
function afterTimeout(record: ProcessRecord, context: ProcessContext): ProcessDecision {
  const { maxProcessTimeout, now } = context;
  if (maxProcessTimeout === 0 || record.timeoutsInARow < maxProcessTimeout) return unchanged(backoff(record, now));
  return [
    { ...record, state: 'failed' },
    [log('error', `Timed out ${record.timeoutsInARow} times in a row, given up`)],
  ];
}

function restart(record: ProcessRecord, context: ProcessContext): ProcessDecision {
  const { config } = record.spec;
  const recent = recentRestarts(record.restarts, config, context.now);
  if (recent.length >= config.maxRestarts) {
    const message = `Restarted ${recent.length} times in ${config.restartWindow} s, given up`;
    return [{ ...record, state: 'failed' }, [log('error', message)]];
  }
  const delayMs = restartDelayMs(recent.length, config, context.random());
  const next = { ...backoff(record, context.now + delayMs), restarts: [...recent, context.now] };
  return [next, [log('warn', delayMs === 0 ? 'Restarting' : `Restarting in ${(delayMs / 1000).toFixed(1)} s`)]];
}

/** Also a restart at once waits for its turn, so that the end of this incarnation is told before the next begins. */
function backoff(record: ProcessRecord, dueAt: number): ProcessRecord {
  return { ...record, state: 'backoff', dueAt };
}

/** A slave that said it was done is believed, even when it had to be helped out. */
function succeeded(record: ProcessRecord, exit: ProcessExit): boolean {
  if (exit.reason === 'stop-timeout' && record.endedCode !== undefined) return record.endedCode === 0;
  return exit.code === 0 || (exit.reason === 'stopped' && exit.signal === 'SIGTERM');
}

function log(level: LogLevel, message: string): ProcessEffect {
  return { type: 'log', level, message };
}
