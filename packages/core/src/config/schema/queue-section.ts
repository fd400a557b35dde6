import { DEFAULTS } from '../defaults.js';
import { either } from '../types/collection-types.js';
import { duration, integer } from '../types/number-types.js';
import { section } from '../types/section-types.js';
import { choice } from '../types/text-types.js';
import { DependsOn, Reload } from './group-settings.js';
import { LocalFeederSection } from './local-feeder-section.js';
import { ProcessSection } from './process-section.js';
import { ReloadSection } from './reload-section.js';
import { RemoteFeederSection } from './remote-feeder-section.js';
import { Section } from './section.js';
import { Setting } from './setting.js';

@Section({ id: 'queue', path: 'queue settings', description: 'What queue groups and job queues have in common.' })
export class QueueSection extends ProcessSection {
  @Setting({
    type: integer(1, 10_000),
    default: DEFAULTS.concurrency,
    description: 'Items that one consumer handles at once',
  })
  concurrency?: number;

  @Setting({
    type: either(choice('auto'), integer(1, 100_000)),
    default: DEFAULTS.window,
    description: 'Unanswered items that one consumer may hold. `auto`: about 20 ms of work, at least `concurrency`',
  })
  window?: number | 'auto';

  @Setting({
    // What the feed protocol allows: a JSON text much larger is no string any more.
    type: integer(1024, 268_435_456),
    unit: 'bytes',
    default: DEFAULTS.maxItemSize,
    description: 'Size above which an item is an error',
  })
  maxItemSize?: number;

  @Setting({
    type: duration({ min: 0.001 }),
    default: DEFAULTS.pollInterval,
    description: 'Time after which an empty feeder is asked again',
  })
  pollInterval?: number;

  @Setting({
    type: duration(),
    defaultNote: `${DEFAULTS.abortGrace}; ${DEFAULTS.abortGraceAlone} where \`concurrency\` is 1`,
    description: 'Time that a timed out item has to let go before its consumer is killed',
  })
  abortGrace?: number;

  @Setting({
    type: duration({ min: 0.01 }),
    default: DEFAULTS.targetLatency,
    description: 'Time in which waiting items are to be cleared; what takes longer starts consumers on demand',
  })
  targetLatency?: number;

  @DependsOn()
  dependsOn?: string[];

  @Reload()
  reload?: ReloadSection;

  @Setting({
    type: section(LocalFeederSection),
    defaultNote: 'none here',
    description: "The feeder, on the master's machine",
  })
  localFeeder?: LocalFeederSection;

  @Setting({
    type: section(RemoteFeederSection),
    defaultNote: 'none elsewhere',
    description: 'The feeder, on another host',
  })
  remoteFeeder?: RemoteFeederSection;
}
