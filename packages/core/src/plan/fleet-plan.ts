/** What has to be done so that a fleet becomes what a configuration says. Groups stand in the order in which it is done. */
export interface FleetPlan {
  /** Nothing differs when this is empty. */
  readonly steps: readonly PlanStep[];
  /** Settings of the master itself that differ: they take effect when it is started again. `log.level`, for example. */
  readonly atRestart: readonly string[];
}

export type PlanAction = 'start' | 'stop' | 'restart' | 'scale' | 'update';

/** What happens to one group. */
export interface PlanStep {
  /** `update`: nothing starts or stops for it. */
  readonly action: PlanAction;
  readonly group: string;
  /** Processes there are, and will be; of consumers on demand the most that there may be. */
  readonly processes: { readonly before: number; readonly after: number };
  /** What differs, for people: `timeout: 30 -> 60`. A key whose value may be secret (`params`, `env`) is named without its values. */
  readonly changes: readonly string[];
}
