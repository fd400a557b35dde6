import type { FleetSource, SourceGroup } from '../control/fleet-source.js';
import type { QueueRole } from '../channel/queue-message.js';
import type { ManagedProcess } from '../process/managed-process.js';
import type { FleetOperator } from './fleet-operator.js';
import type { LauncherState } from './launcher-state.js';
import type { QueueView } from './queue-counts.js';

/** What a launcher's status is made of. */
export interface LauncherParts {
  readonly name: string | undefined;
  readonly epoch: number;
  readonly service: boolean;
  readonly state: LauncherState;
  readonly operator: FleetOperator;
  readonly processes: readonly ManagedProcess[];
  readonly queues: readonly QueueView[];
}

/** A launcher as its status shows it. */
export class LauncherSource implements FleetSource {
  constructor(private readonly parts: () => LauncherParts) {}

  get name(): string | undefined {
    return this.parts().name;
  }

  get epoch(): number {
    return this.parts().epoch;
  }

  get service(): boolean {
    return this.parts().service;
  }

  get isStopping(): boolean {
    const { phase } = this.parts().state;
    return phase !== 'idle' && phase !== 'running';
  }

  get change(): FleetSource['change'] {
    return this.parts().operator.change;
  }

  get groups(): readonly SourceGroup[] {
    const { operator } = this.parts();
    return operator.groups.map((group) => ({
      name: group.name,
      kind: 'consumers' in group ? 'queue-group' : 'group',
      command: group.command,
      suspended: operator.isSuspended(group.name),
    }));
  }

  get configuration(): FleetSource['configuration'] {
    return this.parts().operator.groups;
  }

  get processes(): readonly ManagedProcess[] {
    return this.parts().processes;
  }

  get queues(): readonly QueueView[] {
    return this.parts().queues;
  }

  roleOf(id: number): QueueRole | undefined {
    return this.parts().state.processes.get(id)?.spec.queue?.role;
  }
}
