import { DEFAULTS } from '../defaults.js';
import { duration, integer } from '../types/number-types.js';
import { hostName } from '../types/text-types.js';
import { ExcludesKeys, NotAbove } from './rules.js';
import { Setting } from './setting.js';

const MAX_PROCESSES = 10_000;

/* Keys that several sections have; a class has one base only, so they are shared as decorators. */

/** A fixed number of processes. */
export function InstancesCount({ jobDefault = false } = {}): PropertyDecorator {
  return Setting({
    type: integer(1, MAX_PROCESSES),
    ...(jobDefault
      ? { defaultNote: `${DEFAULTS.instancesCount}; job queues ${DEFAULTS.jobInstancesCount}` }
      : { default: DEFAULTS.instancesCount }),
    description: 'Number of processes (on each host)',
  });
}

/** A fixed number of consumers; excludes consumers on demand. */
export function ConsumersCount(): PropertyDecorator {
  return all(InstancesCount({ jobDefault: true }), ExcludesKeys('minInstances', 'maxInstances'));
}

export function MinInstances(): PropertyDecorator {
  return all(
    Setting({
      type: integer(0, MAX_PROCESSES),
      default: DEFAULTS.minInstances,
      description: 'Consumers that run at least (on each host), when they run on demand: as many as there is work for',
    }),
    NotAbove('maxInstances', DEFAULTS.maxInstances),
  );
}

export function MaxInstances(): PropertyDecorator {
  return Setting({
    type: integer(1, MAX_PROCESSES),
    default: DEFAULTS.maxInstances,
    description: 'Consumers that run at most (on each host), when they run on demand',
  });
}

export function MaxIdleTime(): PropertyDecorator {
  return Setting({
    type: duration(),
    default: DEFAULTS.maxIdleTime,
    description: 'Time without an item after which a consumer on demand ends. 0: never',
  });
}

export function FeederHost(): PropertyDecorator {
  return Setting({
    type: hostName(),
    default: DEFAULTS.feederHost,
    description:
      'Host or address at which the consumers reach the feeder; needed when they are on another machine than the feeder',
  });
}

export function BindTo(): PropertyDecorator {
  return Setting({
    type: hostName(),
    default: DEFAULTS.feederHost,
    description: 'Host or address to listen at; needed when there are consumers on another machine',
  });
}

export function ListenPort(): PropertyDecorator {
  return Setting({ type: integer(1, 65_535), default: DEFAULTS.feederPort, description: 'Port to listen at' });
}

export function FeederPort(): PropertyDecorator {
  return Setting({
    type: integer(1, 65_535),
    defaultNote: `the feeder's, ${DEFAULTS.feederPort} by default`,
    description: 'Port of the feeder',
  });
}

function all(...decorators: PropertyDecorator[]): PropertyDecorator {
  return (prototype, property) => decorators.forEach((decorate) => decorate(prototype, property));
}
