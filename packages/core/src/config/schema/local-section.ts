import { InstancesCount } from './instance-settings.js';
import { ProcessSection } from './process-section.js';
import { Section } from './section.js';

@Section({ id: 'local', path: 'groups.<name>.local', description: "Processes on the master's machine." })
export class LocalSection extends ProcessSection {
  @InstancesCount()
  instancesCount?: number;
}
