import { phaseOf, type Fleet } from './status.js';

/** What a probe is told. */
export interface Health {
  readonly status: 'ok' | 'unavailable';
  /** Why it is not ready. */
  readonly reasons: readonly string[];
}

const MOST_REASONS = 20;

/** That it answers says all: its event loop turns. */
export const LIVE: Health = { status: 'ok', reasons: [] };

/** Ready: every group was started, none of the processes has failed for good, and no stop was asked for. */
export function readiness(fleet: Fleet): Health {
  const reasons = [...phaseReasons(fleet), ...failures(fleet)];
  return { status: reasons.length === 0 ? 'ok' : 'unavailable', reasons: reasons.slice(0, MOST_REASONS) };
}

function phaseReasons(fleet: Fleet): string[] {
  const phase = phaseOf(fleet);
  return phase === 'running' ? [] : [`The master is ${phase}`];
}

function failures({ source }: Fleet): string[] {
  const failed = source.processes.filter(({ state }) => state === 'failed');
  return failed.map(({ group, host, display }) => `[${group}] [${host}] [${display}] has failed for good`);
}
