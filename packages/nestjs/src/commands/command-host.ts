import type { ModuleRef } from '@nestjs/core';
import type { DiscoveredCommand } from './discover-commands.js';

/** The application that a command belongs to. */
export interface CommandHost {
  readonly moduleRef: Pick<ModuleRef, 'resolve' | 'get'>;
  /** How the application provides the command. */
  readonly wrapper: DiscoveredCommand['wrapper'];
}
