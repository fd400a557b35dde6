/*
 * What becomes of a process when an incarnation is over. Owner: `process-machine.ts`.
 */
import { log, type ProcessContext, type ProcessDecision, type ProcessEffect } from './process-decision.js';
import type { ProcessExit } from './process-exit.js';
import type { ProcessRecord } from './process-record.js';
import { recentRestarts, restartDelayMs, wantsRestart } from './restart-policy.js';

export function afterEnd(record: ProcessRecord, exit: ProcessExit, context: ProcessContext): ProcessDecision {
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
  if (record.unwanted) return [{ ...record, state: 'stopped' }, []];
  if (record.suspended) return [{ ...record, state: 'suspended' }, []];
  if (record.resumed) return [backoff(record, context.now), []];
  switch (exit.reason) {
    case 'timeout':
      return afterTimeout(record, context);
    case 'max-age':
      return [backoff(record, context.now), []];
    case 'memory-limit':
    case 'item-timeout':
      return afterRecycle(record, context);
    default:
      return afterOwnEnd(record, exit, context);
  }
}

function afterOwnEnd(record: ProcessRecord, exit: ProcessExit, context: ProcessContext): ProcessDecision {
  const success = succeeded(record, exit);
  if (wantsRestart(record.spec.config, success)) return restart(record, context);
  return [{ ...record, state: success ? 'stopped' : 'failed' }, []];
}

/** A process that was killed for silence is started again at once, whatever `restart` says, until it is given up. */
function afterTimeout(record: ProcessRecord, context: ProcessContext): ProcessDecision {
  const { maxProcessTimeout, now } = context;
  if (maxProcessTimeout === 0 || record.timeoutsInARow < maxProcessTimeout) return [backoff(record, now), []];
  return [
    { ...record, state: 'failed' },
    [log('error', `Timed out ${record.timeoutsInARow} times in a row, given up`)],
  ];
}

/** A limit that is too low must not spin, but a leak, or an item that hangs, is no reason to give up: it only slows down. */
function afterRecycle(record: ProcessRecord, context: ProcessContext): ProcessDecision {
  const { config } = record.spec;
  const recent = recentRestarts(record.recycles, config, context.now);
  const delayMs = restartDelayMs(recent.length, config, context.random());
  const next = { ...backoff(record, context.now + delayMs), recycles: [...recent, context.now] };
  return [next, [restarting(delayMs)]];
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
  return [next, [restarting(delayMs)]];
}

function restarting(delayMs: number): ProcessEffect {
  return log('warn', delayMs === 0 ? 'Restarting' : `Restarting in ${(delayMs / 1000).toFixed(1)} s`);
}

/** Also a restart at once waits for its turn, so that the end of this incarnation is told before the next begins. */
function backoff(record: ProcessRecord, dueAt: number): ProcessRecord {
  return { ...record, state: 'backoff', dueAt };
}

/** A slave that said it was done is believed, even when it had to be helped out. */
function succeeded(record: ProcessRecord, exit: ProcessExit): boolean {
  if (exit.reason === 'stop-timeout' && record.endedCode !== undefined) return record.endedCode === 0;
  const asked = exit.reason === 'stopped' || exit.reason === 'memory-limit' || exit.reason === 'max-age';
  return exit.code === 0 || (asked && exit.signal === 'SIGTERM');
}
