// A slave loads this file: nothing here imports nest-commander, the configuration's loader, the launcher's engine or
// (for slaves of plain groups) feeder and consumer. So of the queue package only types are handed on.
import { assertLoadedOnce } from '@distributed-architecture/core';

export * from '@distributed-architecture/core';
export type * from '@distributed-architecture/queue';
export { AbstractSlaveCommand } from './commands/abstract-slave-command.js';
export { AbstractSlaveQueueCommand } from './commands/abstract-slave-queue-command.js';
export {
  DuplicateCommandError,
  FeederMissingError,
  NotASlaveCommandError,
  NotASlaveQueueCommandError,
  UnknownCommandError,
  UsageError,
} from './commands/command-errors.js';
export { SlaveCommand, type SlaveCommandOptions } from './commands/slave-command.decorator.js';
export { DistributedArchitectureModule } from './module/distributed-architecture.module.js';
export type { DistributedArchitectureModuleOptions } from './module/module-options.js';
export { QueueItemFailedEvent, QueueItemHandledEvent, QueueItemReceivedEvent } from './queue/queue-item-events.js';
export { ProcessRole, type ProcessRoleName } from './role/process-role.js';

assertLoadedOnce('@distributed-architecture/nestjs', import.meta.url);
