import { list } from '../types/collection-types.js';
import { sshHost } from '../types/text-types.js';
import {
  ConsumersCount,
  FeederHost,
  FeederPort,
  MaxIdleTime,
  MaxInstances,
  MinInstances,
} from './instance-settings.js';
import { Section } from './section.js';
import { Setting } from './setting.js';
import { SshSection } from './ssh-section.js';

@Section({
  id: 'remote-consumers',
  path: 'queue_groups.<name>.consumers.remote[]',
  description: 'Consumers on other hosts.',
})
export class RemoteConsumersSection extends SshSection {
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

  @Setting({
    type: list(sshHost(), { min: 1 }),
    required: true,
    description: 'Names, addresses or aliases of `~/.ssh/config`',
  })
  hosts!: string[];
}
