// A slave loads this file: nothing here imports nest-commander, the configuration's loader or the launcher's engine.
import { assertLoadedOnce } from '@distributed-architecture/core';

export * from '@distributed-architecture/core';
export { AbstractSlaveCommand } from './commands/abstract-slave-command.js';
export {
  DuplicateCommandError,
  NotASlaveCommandError,
  UnknownCommandError,
  UsageError,
} from './commands/command-errors.js';
export { SlaveCommand, type SlaveCommandOptions } from './commands/slave-command.decorator.js';
export { DistributedArchitectureModule } from './module/distributed-architecture.module.js';
export type { DistributedArchitectureModuleOptions } from './module/module-options.js';
export { ProcessRole, type ProcessRoleName } from './role/process-role.js';

assertLoadedOnce('@distributed-architecture/nestjs', import.meta.url);
