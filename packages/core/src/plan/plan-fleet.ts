import type { FleetPlan } from './fleet-plan.js';
import type { FleetConfiguration } from './fleet-configuration.js';

/** What has to be done so that a fleet becomes what a configuration says. Nothing is done. */
export async function planFleet(before: FleetConfiguration, after: FleetConfiguration): Promise<FleetPlan> {
  const { planChanges } = await import('./plan-changes.js');
  return planChanges(before, after);
}

/** A plan for people, a line for each group and for what differs. */
export async function planText(plan: FleetPlan): Promise<string> {
  const { describePlan } = await import('./describe-plan.js');
  return describePlan(plan);
}
