import { DEFAULTS } from '../defaults.js';
import { namedSections, section } from '../types/section-types.js';
import { fileName, path } from '../types/text-types.js';
import { GroupSection } from './group-section.js';
import { JobQueueSection } from './job-queue-section.js';
import { LogSection } from './log-section.js';
import { MetricsSection } from './metrics-section.js';
import { QueueGroupSection } from './queue-group-section.js';
import { NeedsOneOf } from './rules.js';
import { Section } from './section.js';
import { Setting } from './setting.js';

@Section({
  id: 'root',
  path: 'distributed_architecture',
  description: 'The root of the file: all else stands below this key.',
})
export class RootSection {
  @Setting({
    type: fileName(),
    defaultNote: "the package's name",
    description: 'Name of the fleet. Two fleets may share hosts; one name runs once',
  })
  name?: string;

  @Setting({ type: namedSections(GroupSection), defaultNote: 'none', description: 'Groups, by their names' })
  @NeedsOneOf('queueGroups', 'jobQueues')
  groups?: GroupSection[];

  @Setting({ type: namedSections(QueueGroupSection), defaultNote: 'none', description: 'Queue groups, by their names' })
  queueGroups?: QueueGroupSection[];

  @Setting({ type: namedSections(JobQueueSection), defaultNote: 'none', description: 'Job queues, by their names' })
  jobQueues?: JobQueueSection[];

  @Setting({ type: section(LogSection), defaultNote: 'see there', description: 'Log of the master' })
  log?: LogSection;

  @Setting({
    type: path({ resolved: true }),
    default: DEFAULTS.pidPath,
    description: 'Folder of the file `<name>.pid`; made if missing',
  })
  pidPath?: string;

  @Setting({
    type: section(MetricsSection),
    defaultNote: 'none',
    description: 'Metrics over TCP; `{}` for the defaults',
  })
  metrics?: MetricsSection;
}
