import { list } from '../types/collection-types.js';
import { sshHost } from '../types/text-types.js';
import { BindTo, ListenPort } from './instance-settings.js';
import { Section } from './section.js';
import { Setting } from './setting.js';
import { SshSection } from './ssh-section.js';

@Section({
  id: 'remote-feeder',
  path: 'queue_groups.<name>.remote_feeder',
  description: 'The feeder, on another host. It listens only when there are consumers under another agent.',
})
export class RemoteFeederSection extends SshSection {
  @Setting({
    type: list(sshHost(), { min: 1, max: 1 }),
    required: true,
    description: 'The host: a list of exactly one',
  })
  hosts!: string[];

  @BindTo()
  bindTo?: string;

  @ListenPort()
  port?: number;
}
