import type { FleetPlan, PlanStep } from './fleet-plan.js';

/** A plan for people: a line for each group, then what differs. No secret is in it. */
export function describePlan({ steps, atRestart }: FleetPlan): string {
  const width = Math.max(0, ...steps.map(({ group }) => group.length));
  const lines = steps.flatMap((step) => [
    headline(step, width),
    ...step.changes.map((change) => `          ${change}`),
  ]);
  if (steps.length === 0) lines.push('No group differs.');
  if (atRestart.length > 0) lines.push(`When the master is started again: ${atRestart.join(', ')}`);
  return lines.join('\n');
}

function headline({ action, group, processes: { before, after } }: PlanStep, width: number): string {
  return `${action.padEnd(8)}  ${group.padEnd(width)}  ${COUNTS[action](before, after)}`.trimEnd();
}

const COUNTS: Readonly<Record<PlanStep['action'], (before: number, after: number) => string>> = {
  start: (_, after) => processes(after),
  stop: (before) => processes(before),
  restart: (before, after) => (before === after ? processes(after) : `${before} -> ${processes(after)}`),
  scale: (before, after) => `${before} -> ${processes(after)}`,
  update: () => 'nothing starts or stops',
};

function processes(count: number): string {
  return count === 1 ? '1 process' : `${count} processes`;
}
