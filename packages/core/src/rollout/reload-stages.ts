import type { ReloadConfig } from '../config/group-config.js';
import { isOver } from '../process/process-record.js';
import { shapeOf } from '../plan/group-shape.js';
import type { FleetView } from './change-decision.js';

/** A part of a reload: the processes of a plain group, the consumers of a queue group, or its feeder. */
export interface Stage {
  readonly group: string;
  readonly part: 'processes' | 'consumers' | 'feeder';
  readonly reload: ReloadConfig;
}

/** The parts in their order: group by group, of a queue group the consumers before the feeder. What is suspended is left out. */
export function stagesOf(view: FleetView, only: string | undefined): Stage[] {
  const groups = view.groups.filter(({ name }) => only === undefined || name === only);
  return groups.flatMap((options): Stage[] => {
    const { name: group } = options;
    if (view.isSuspended(group)) return [];
    const { reload } = shapeOf(options);
    if (!('consumers' in options)) return [{ group, part: 'processes', reload }];
    // There is one feeder at any time: its items are its own.
    const alone: ReloadConfig = { batch: 1, pause: 0, order: 'stop-first' };
    return [
      { group, part: 'consumers', reload },
      { group, part: 'feeder', reload: alone },
    ];
  });
}

/** What a part replaces: what runs, or is about to run again. What was never started, or has ended, has no old code in it. */
export function idsOfStage(view: FleetView, { group, part }: Stage): number[] {
  return view.idsOf(group).filter((id) => {
    const record = view.records.get(id);
    if (record === undefined || (record.spec.queue?.role === 'feeder') !== (part === 'feeder')) return false;
    const isNew = record.state === 'created' || record.state === 'waiting';
    return view.isWanted(id) && !isNew && !isOver(record) && !record.suspended;
  });
}

/** For the log. */
export function titleOf({ group, part }: Stage): string {
  if (part === 'processes') return `group ${group}`;
  return part === 'consumers' ? `consumers of ${group}` : `feeder of ${group}`;
}
