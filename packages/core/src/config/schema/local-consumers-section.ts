import {
  ConsumersCount,
  FeederHost,
  FeederPort,
  MaxIdleTime,
  MaxInstances,
  MinInstances,
} from './instance-settings.js';
import { ProcessSection } from './process-section.js';
import { Section } from './section.js';

@Section({
  id: 'local-consumers',
  path: 'queue_groups.<name>.consumers.local',
  description: "Consumers on the master's machine.",
})
export class LocalConsumersSection extends ProcessSection {
  @ConsumersCount()
  instancesCount?: number;

  @MinInstances()
  minInstances?: number;

  @MaxInstances()
  maxInstances?: number;

  @MaxIdleTime()
  maxIdleTime?: number;

  @FeederHost()
  host?: string;

  @FeederPort()
  port?: number;
}
