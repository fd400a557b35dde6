import { anything } from '../types/any-type.js';
import { list, record } from '../types/collection-types.js';
import { section, type NamedSection } from '../types/section-types.js';
import { text } from '../types/text-types.js';
import { LocalSection } from './local-section.js';
import { ProcessSection } from './process-section.js';
import { ReloadSection } from './reload-section.js';
import { RemoteSection } from './remote-section.js';
import { NeedsOneOf } from './rules.js';
import { Section } from './section.js';
import { Setting } from './setting.js';
import { DependsOn, PARAM_NAMES, Reload } from './group-settings.js';

@Section({ id: 'group', path: 'groups.<name>', description: 'A named set of processes that run one command.' })
export class GroupSection extends ProcessSection implements NamedSection {
  name!: string;

  @Setting({ type: text(), required: true, description: 'Name of the slave command (or a program, see `console`)' })
  command!: string;

  @Setting({
    type: record(anything(), PARAM_NAMES),
    defaultNote: 'none',
    description: 'Parameters of the command: any values. Text from the environment stays text',
  })
  params?: Record<string, unknown>;

  @DependsOn()
  dependsOn?: string[];

  @Reload()
  reload?: ReloadSection;

  @Setting({
    type: section(LocalSection),
    defaultNote: 'none here',
    description: "Processes on the master's machine; `{}` for one",
  })
  @NeedsOneOf('remote')
  local?: LocalSection;

  @Setting({
    type: list(section(RemoteSection), { min: 1 }),
    defaultNote: 'none elsewhere',
    description: 'Processes on other hosts',
  })
  remote?: RemoteSection[];
}
