import { BindTo, ListenPort } from './instance-settings.js';
import { ProcessSection } from './process-section.js';
import { Section } from './section.js';

@Section({
  id: 'local-feeder',
  path: 'queue_groups.<name>.local_feeder',
  description: "The feeder, on the master's machine. It listens only when there are consumers on other hosts.",
})
export class LocalFeederSection extends ProcessSection {
  @BindTo()
  bindTo?: string;

  @ListenPort()
  port?: number;
}
