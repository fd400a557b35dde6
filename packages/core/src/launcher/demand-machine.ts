/*
 * How many consumers there should be, decided from what their feeder says. The conditions are in
 * docs/supervision-table.md; who carries it out is `consumer-count.ts`.
 */
import type { DemandMessage } from '../channel/queue-message.js';
import type { OnDemandConfig, QueueConfig } from '../config/queue-config.js';
import type { Growth } from './queue-state.js';

/** A feeder answers `let-go` at once; one that was not heard for so long has lost it. */
const LET_GO_PATIENCE_MS = 5000;

export interface DemandSituation {
  readonly demand: DemandMessage;
  readonly config: QueueConfig;
  /** Consumers that run or will, without those that are leaving or out of reach. */
  readonly active: number;
  /** Those of them that boot, or wait for their restart. */
  readonly booting: number;
  /** How many more could be started. */
  readonly slots: number;
  /** How many of the active ones are above the minimum. */
  readonly spare: number;
  readonly growth: Growth;
  readonly now: number;
}

export type DemandDecision = {
  readonly type: 'start' | 'let-go';
  readonly count: number;
  /** For the log. */
  readonly reason: string;
};

/** @returns undefined: all is well as it is */
export function decideDemand(situation: DemandSituation): DemandDecision | undefined {
  const { config, demand } = situation;
  if (config.onDemand === undefined) return undefined;
  return demand.waiting > 0 ? grow(situation) : shrink(situation, config.onDemand);
}

function grow(situation: DemandSituation): DemandDecision | undefined {
  const { demand, active, slots, config, growth, now } = situation;
  if (slots === 0) return undefined;
  const waits = items(demand.waiting);
  if (active === 0) return start(1, `${waits}, there is no consumer`);
  if (now - growth.grownAt < config.targetLatency * 1000) return undefined;
  const [missing, why] = demand.clearMs === undefined ? byWaiting(situation) : byEstimate(situation, demand.clearMs);
  const count = Math.min(missing, active, slots);
  return count > 0 ? start(count, `${waits}, ${why}, target ${config.targetLatency} s`) : undefined;
}

/** The feeder reckons with the consumers that it has; those that boot will do their share. */
function byEstimate(situation: DemandSituation, clearMs: number): [number, string] {
  const { active, booting, demand, config } = situation;
  const work = clearMs * Math.max(1, Math.min(demand.consumers, active - booting));
  const enough = Math.ceil(work / (config.targetLatency * 1000));
  return [Math.min(enough - active, roomless(situation)), `about ${seconds(work / active)} of work`];
}

/**
 * Nobody knows how long an item takes, or how many wait: a feeder that can only be asked for the next one shows one. So
 * it doubles as long as there is more than what boots has room for.
 */
function byWaiting(situation: DemandSituation): [number, string] {
  const { demand, active, config } = situation;
  const late = demand.waitedMs > config.targetLatency * 1000 && demand.idle === 0;
  const room = roomless(situation);
  const missing = late && room > 0 ? (demand.waiting === 1 ? active : room) : 0;
  return [missing, `work has waited for ${seconds(demand.waitedMs)}, and no consumer is idle`];
}

/** How many more consumers would find an item, were each to take as many as it handles at once. */
function roomless({ demand, booting, config }: DemandSituation): number {
  return Math.ceil(demand.waiting / config.concurrency) - booting;
}

/** Not soon after a start: what comes and goes in that time is not worth another boot. */
function shrink(situation: DemandSituation, { maxIdleTime }: OnDemandConfig): DemandDecision | undefined {
  const { demand, spare, config, growth, now } = situation;
  if (now - growth.startedAt < 2000 * config.targetLatency) return undefined;
  const asked = now - growth.letGoAt < LET_GO_PATIENCE_MS ? growth.letGo : 0;
  const count = Math.min(demand.letGo, spare - asked);
  if (asked > 0 || count <= 0) return undefined;
  const reason = `nothing waits, ${count === 1 ? 'it has' : 'they have'} been idle for ${maxIdleTime} s`;
  return { type: 'let-go', count, reason };
}

function start(count: number, reason: string): DemandDecision {
  return { type: 'start', count, reason };
}

function items(count: number): string {
  return count === 1 ? '1 item waits' : `${count} items wait`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
