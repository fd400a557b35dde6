import { DEFAULTS } from '../defaults.js';
import type { ReloadOrder } from '../group-config.js';
import { duration, integer } from '../types/number-types.js';
import { choice } from '../types/text-types.js';
import { Section } from './section.js';
import { Setting } from './setting.js';

@Section({
  id: 'reload',
  path: 'groups.<name>.reload',
  description: 'How the processes of a group are replaced by a rolling reload. Queue groups have it as well.',
})
export class ReloadSection {
  @Setting({
    type: integer(1, 10_000),
    default: DEFAULTS.reloadBatch,
    description: 'Processes that are replaced at a time',
  })
  batch?: number;

  @Setting({ type: duration(), default: DEFAULTS.reloadPause, description: 'Time between two batches' })
  pause?: number;

  @Setting({
    type: choice('stop-first', 'start-first'),
    defaultNote: `\`${DEFAULTS.reloadOrder}\`; consumers \`${DEFAULTS.consumersReloadOrder}\``,
    description:
      'Whether a process stops before its successor starts, or is asked to stop only when that is ready. A feeder always stops first',
  })
  order?: ReloadOrder;
}
