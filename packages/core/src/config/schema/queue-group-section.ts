import { DEFAULTS } from '../defaults.js';
import { anything } from '../types/any-type.js';
import { record } from '../types/collection-types.js';
import { duration } from '../types/number-types.js';
import { section, type NamedSection } from '../types/section-types.js';
import { text } from '../types/text-types.js';
import { ConsumersSection } from './consumers-section.js';
import { PARAM_NAMES } from './group-settings.js';
import { LocalFeederSection } from './local-feeder-section.js';
import { QueueSection } from './queue-section.js';
import { EitherOr } from './rules.js';
import { Section } from './section.js';
import { Setting } from './setting.js';
import { SourceSection } from './source-section.js';

@Section({
  id: 'queue-group',
  path: 'queue_groups.<name>',
  description: 'A group of one feeder, which hands out items, and of consumers, which handle them.',
})
export class QueueGroupSection extends QueueSection implements NamedSection {
  name!: string;

  @Setting({ type: text(), required: true, description: 'Name of the slave queue command' })
  command!: string;

  @Setting({
    type: record(anything(), PARAM_NAMES),
    defaultNote: 'none',
    description: 'Parameters of the command: any values. Text from the environment stays text',
  })
  params?: Record<string, unknown>;

  @Setting({
    type: duration(),
    default: DEFAULTS.itemTimeout,
    description: 'Time after which an item that is handled is an error. 0: never',
  })
  itemTimeout?: number;

  @Setting({
    type: section(SourceSection),
    defaultNote: "the command's own feeder",
    description: 'Where the feeder reads its items, in place of a feeder of the command',
  })
  source?: SourceSection;

  @Setting({
    type: section(LocalFeederSection),
    defaultNote: 'none here',
    description: "The feeder, on the master's machine; either this or `remote_feeder`",
  })
  @EitherOr('remoteFeeder')
  override localFeeder?: LocalFeederSection;

  @Setting({ type: section(ConsumersSection), required: true, description: 'The consumers' })
  consumers!: ConsumersSection;
}
