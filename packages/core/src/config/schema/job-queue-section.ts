import { DEFAULTS } from '../defaults.js';
import { either } from '../types/collection-types.js';
import { duration, integer } from '../types/number-types.js';
import { section, type NamedSection } from '../types/section-types.js';
import { choice } from '../types/text-types.js';
import { ConsumersSection } from './consumers-section.js';
import { LocalFeederSection } from './local-feeder-section.js';
import { QueueSection } from './queue-section.js';
import { RetryDelaySection } from './retry-delay-section.js';
import { ExcludesKeys } from './rules.js';
import { Section } from './section.js';
import { Setting } from './setting.js';
import { SourceSection } from './source-section.js';

@Section({
  id: 'job-queue',
  path: 'job_queues.<name>',
  description: 'A queue of durable jobs, with retries: a queue group with a source and a command of its own.',
})
export class JobQueueSection extends QueueSection implements NamedSection {
  name!: string;

  @Setting({
    type: section(SourceSection),
    defaultNote: `\`{ driver: ${DEFAULTS.jobSourceDriver}, path: ${DEFAULTS.jobSourcePath} }\``,
    description: 'What holds the jobs',
  })
  source?: SourceSection;

  @Setting({
    type: choice('distribute', 'grab'),
    default: DEFAULTS.jobMode,
    description: 'One feeder for all consumers, or one on each host that claims for the consumers there',
  })
  mode?: 'distribute' | 'grab';

  @Setting({
    type: duration(),
    default: DEFAULTS.jobItemTimeout,
    description:
      'Time after which a running job is killed with its process; it has failed and is not tried again. 0: never',
  })
  itemTimeout?: number;

  @Setting({
    type: integer(0, 1_000_000),
    default: DEFAULTS.jobMaxRetries,
    description: 'How often a failed job is tried again: 3 means four attempts, 0 one',
  })
  maxRetries?: number;

  @Setting({
    type: either(duration(), section(RetryDelaySection)),
    default: DEFAULTS.jobRetryDelay,
    description: 'Delay before a failed job is tried again',
  })
  retryDelay?: number | RetryDelaySection;

  @Setting({
    type: integer(0, 1_048_576),
    unit: 'MB',
    default: DEFAULTS.jobMemoryLimit,
    description: 'Memory (RSS) above which a consumer is stopped cleanly and started again. 0: no limit',
  })
  override memoryLimit?: number;

  @Setting({
    type: section(LocalFeederSection),
    defaultNote: '`{}`, unless `remote_feeder` is given',
    description: "The feeder, on the master's machine",
  })
  @ExcludesKeys('remoteFeeder')
  override localFeeder?: LocalFeederSection;

  @Setting({
    type: section(ConsumersSection),
    defaultNote: `\`{ local: { instances_count: ${DEFAULTS.jobInstancesCount} } }\``,
    description: 'The consumers',
  })
  consumers?: ConsumersSection;
}
