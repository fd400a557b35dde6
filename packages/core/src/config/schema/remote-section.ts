import { list } from '../types/collection-types.js';
import { sshHost } from '../types/text-types.js';
import { InstancesCount } from './instance-settings.js';
import { Section } from './section.js';
import { Setting } from './setting.js';
import { SshSection } from './ssh-section.js';

@Section({ id: 'remote', path: 'groups.<name>.remote[]', description: 'Processes on other hosts, started over SSH.' })
export class RemoteSection extends SshSection {
  @InstancesCount()
  instancesCount?: number;

  @Setting({
    type: list(sshHost(), { min: 1 }),
    required: true,
    description: 'Names, addresses or aliases of `~/.ssh/config`',
  })
  hosts!: string[];
}
