import { ConsumersSection } from './consumers-section.js';
import { GroupSection } from './group-section.js';
import { JobQueueSection } from './job-queue-section.js';
import { LocalConsumersSection } from './local-consumers-section.js';
import { LocalFeederSection } from './local-feeder-section.js';
import { LocalSection } from './local-section.js';
import { LogSection } from './log-section.js';
import { MetricsSection } from './metrics-section.js';
import { ProcessSection } from './process-section.js';
import { QueueGroupSection } from './queue-group-section.js';
import { QueueSection } from './queue-section.js';
import { ReloadSection } from './reload-section.js';
import { RemoteConsumersSection } from './remote-consumers-section.js';
import { RemoteFeederSection } from './remote-feeder-section.js';
import { RemoteSection } from './remote-section.js';
import { RetryDelaySection } from './retry-delay-section.js';
import { RootSection } from './root-section.js';
import { SourceSection } from './source-section.js';
import { SshSection } from './ssh-section.js';
import type { SectionClass } from './setting.js';

/** All sections, in the order in which they are described. */
export const SECTIONS: readonly SectionClass[] = [
  RootSection,
  GroupSection,
  LocalSection,
  ProcessSection,
  RemoteSection,
  SshSection,
  ReloadSection,
  QueueGroupSection,
  QueueSection,
  LocalFeederSection,
  RemoteFeederSection,
  ConsumersSection,
  LocalConsumersSection,
  RemoteConsumersSection,
  JobQueueSection,
  SourceSection,
  RetryDelaySection,
  LogSection,
  MetricsSection,
];
