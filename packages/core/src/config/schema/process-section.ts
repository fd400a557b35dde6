import { DEFAULTS } from '../defaults.js';
import type { RestartPolicy } from '../group-config.js';
import { either, record } from '../types/collection-types.js';
import { duration, integer } from '../types/number-types.js';
import { choice, disabled, looseText, path, text } from '../types/text-types.js';
import { Section } from './section.js';
import { Setting } from './setting.js';

const VARIABLE_NAMES = { pattern: /^[^=\p{Cc}]+$/u, expected: 'the name of an environment variable, without =' };

@Section({
  id: 'process',
  path: 'process settings',
  description:
    'How processes run. Given for a whole group, and again wherever something is to differ: in `local`, in each `remote`, for a feeder, for consumers.',
})
export class ProcessSection {
  @Setting({
    type: either(disabled(), text()),
    defaultNote: "the master's own script",
    description:
      'Entry script of the Nest console that has the command, looked up in `path`. `false`: `command` is a program of its own, started without a shell, with `bin_path` before it only if given; `timeout` is then 0 by default',
  })
  console?: string | false;

  @Setting({
    type: path(),
    defaultNote: "the master's own node",
    description: 'Program that runs the console',
  })
  binPath?: string;

  @Setting({
    type: path({ resolved: true }),
    defaultNote: "the master's",
    description: "Working directory; a relative one starts at the master's",
  })
  path?: string;

  @Setting({
    type: integer(-20, 19),
    default: DEFAULTS.priority,
    description: 'Nice value. Without the right to raise the priority: a warning, and normal priority',
  })
  priority?: number;

  @Setting({
    type: duration(),
    default: DEFAULTS.timeout,
    description: 'Silence after which a process counts as timed out and is started again. 0: never',
  })
  timeout?: number;

  @Setting({
    type: duration({ min: 0.1 }),
    default: DEFAULTS.startTimeout,
    description: 'Time from the start of a process until it must be ready',
  })
  startTimeout?: number;

  @Setting({
    type: duration(),
    defaultNote: `\`timeout\`, or ${DEFAULTS.stopTimeoutWithoutTimeout} when that is 0`,
    description: 'Time from the request to stop until the process is killed',
  })
  stopTimeout?: number;

  @Setting({
    type: choice('never', 'on-failure', 'always'),
    defaultNote: `\`${DEFAULTS.restart}\`; feeders and consumers \`${DEFAULTS.queueRestart}\``,
    description: 'Whether a process that ended by itself is started again',
  })
  restart?: RestartPolicy;

  @Setting({
    type: duration(),
    defaultNote: 'none at first, then 100ms doubling to 30s',
    description: 'Delay before the first restart; it doubles up to 30s (or stays, where it is longer)',
  })
  restartDelay?: number;

  @Setting({
    type: integer(0, 1_000_000),
    default: DEFAULTS.maxRestarts,
    description: 'Restarts within `restart_window` after which a process is given up',
  })
  maxRestarts?: number;

  @Setting({
    type: duration({ min: 0.1 }),
    default: DEFAULTS.restartWindow,
    description: 'Time in which restarts are counted',
  })
  restartWindow?: number;

  @Setting({
    type: integer(0, 1_048_576),
    unit: 'MB',
    default: 0,
    description:
      'Memory (RSS) above which a process is stopped cleanly and started again; at 1.5 times of it, it is killed. 0: no limit',
  })
  memoryLimit?: number;

  @Setting({
    type: duration({ min: 1 }),
    defaultNote: 'no limit',
    description: 'Age at which a process is stopped cleanly and started again',
  })
  maxAge?: number;

  @Setting({
    type: record(looseText(), VARIABLE_NAMES),
    defaultNote: 'none',
    description: "Environment variables, added to the master's",
    secret: true,
  })
  env?: Record<string, string>;
}
