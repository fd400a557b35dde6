import { packageVersion } from '../agent-channel/package-version.js';
import type { FleetRecorder } from '../control/fleet-recorder.js';
import type { FleetSource } from '../control/fleet-source.js';
import type { GroupCounts, MetricsSource } from './metrics-source.js';
import type { ProcessMeasure } from './process-measure.js';

/** What metrics read of a fleet: what its launcher knows now, and what was recorded. */
export class RecordedSource implements MetricsSource {
  readonly version = packageVersion();

  constructor(
    private readonly source: Pick<FleetSource, 'name' | 'groups' | 'processes' | 'queues'>,
    private readonly recorder: Pick<FleetRecorder, 'startedAt' | 'own' | 'group' | 'history'>,
  ) {}

  get name(): string | undefined {
    return this.source.name;
  }

  get startedAt(): Date {
    return this.recorder.startedAt;
  }

  get groups(): readonly string[] {
    return this.source.groups.map(({ name }) => name);
  }

  get processes(): FleetSource['processes'] {
    return this.source.processes;
  }

  get queues(): FleetSource['queues'] {
    return this.source.queues;
  }

  get own(): MetricsSource['own'] {
    return this.recorder.own.now;
  }

  history(group: string): GroupCounts {
    return this.recorder.group(group);
  }

  measureOf(id: number): ProcessMeasure | undefined {
    return this.recorder.history(id)?.measure;
  }
}
