import { list } from '../types/collection-types.js';
import { section } from '../types/section-types.js';
import { LocalConsumersSection } from './local-consumers-section.js';
import { RemoteConsumersSection } from './remote-consumers-section.js';
import { NeedsOneOf } from './rules.js';
import { Section } from './section.js';
import { Setting } from './setting.js';

@Section({ id: 'consumers', path: 'queue_groups.<name>.consumers', description: 'Where items are handled.' })
export class ConsumersSection {
  @Setting({
    type: section(LocalConsumersSection),
    defaultNote: 'none here',
    description: "Consumers on the master's machine",
  })
  @NeedsOneOf('remote')
  local?: LocalConsumersSection;

  @Setting({
    type: list(section(RemoteConsumersSection), { min: 1 }),
    defaultNote: 'none elsewhere',
    description: 'Consumers on other hosts',
  })
  remote?: RemoteConsumersSection[];
}
