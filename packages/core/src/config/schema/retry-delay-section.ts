import { DEFAULTS } from '../defaults.js';
import { boolean, duration } from '../types/number-types.js';
import { choice } from '../types/text-types.js';
import { NotAbove } from './rules.js';
import { Section } from './section.js';
import { Setting } from './setting.js';

const A_YEAR = 365 * 86_400;

@Section({
  id: 'retry-delay',
  path: 'job_queues.<name>.retry_delay',
  description: 'The delay before a failed job is tried again, where it is more than one number.',
})
export class RetryDelaySection {
  @Setting({
    type: choice('fixed', 'exponential'),
    default: 'fixed',
    description: 'The same delay each time, or twice as long each time',
  })
  type?: 'fixed' | 'exponential';

  @Setting({ type: duration(), default: DEFAULTS.jobRetryDelay, description: 'The (first) delay' })
  @NotAbove('max', A_YEAR)
  delay?: number;

  @Setting({ type: duration(), defaultNote: 'no limit', description: 'The longest delay' })
  max?: number;

  @Setting({
    type: boolean(),
    default: false,
    description: 'Whether delays vary by chance, so that retries do not come all at once',
  })
  jitter?: boolean;
}
