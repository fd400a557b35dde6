import type { ProcessSpec } from '../process/process-spec.js';

/**
 * What the master wants of a process: `run` under its own restart policy, `stop` cleanly, `kill`. A process that has
 * ended for good by itself stays ended when `run` is (still) wanted; one of which `stop` or `kill` was wanted, even if only
 * after its end, starts again when `run` is wanted. The agent need not hear of that stop: see `WantMessage.again`.
 */
export type Wanted = 'run' | 'stop' | 'kill';

/** A process that an agent is to supervise. */
export interface AgentSpec {
  readonly spec: ProcessSpec;
  /** The number of its first incarnation on this agent: greater than any that the master knows. */
  readonly firstIncarnation: number;
}

/** Limits of the launcher that each agent keeps by itself. */
export interface AgentLimits {
  /** Time-outs in a row after which a process is given up; 0: never. */
  readonly maxProcessTimeout: number;
}

/** A sign of life, for the summary. */
export interface SeenProcess {
  readonly id: number;
  /** How long ago it was last seen, in milliseconds. */
  readonly ageMs: number;
  /** Resident memory in MB, when known. */
  readonly rss?: number;
}
