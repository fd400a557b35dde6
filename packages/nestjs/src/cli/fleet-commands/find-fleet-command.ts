import type { FleetCommand } from './fleet-command.js';
import type { FleetCommandName } from './fleet-command-names.js';

const COMMANDS: Readonly<Record<FleetCommandName, () => Promise<FleetCommand>>> = {
  'master:status': async () => (await import('./master-status.js')).masterStatus,
  'master:suspend': async () => (await import('./change-commands.js')).masterSuspend,
  'master:resume': async () => (await import('./change-commands.js')).masterResume,
  'master:scale': async () => (await import('./change-commands.js')).masterScale,
  'master:restart': async () => (await import('./change-commands.js')).masterRestart,
  'master:reload': async () => (await import('./master-reload.js')).masterReload,
  'master:logs': async () => (await import('./master-logs.js')).masterLogs,
  'master:stop': async () => (await import('./change-commands.js')).masterStop,
  'config:dump-reference': async () => (await import('./config-texts.js')).configDumpReference,
  'config:check': async () => (await import('./config-check.js')).configCheck,
  'config:schema': async () => (await import('./config-texts.js')).configSchema,
  'config:show': async () => (await import('./config-show.js')).configShow,
};

/** Loads one command, without the others. */
export function findFleetCommand(name: FleetCommandName): Promise<FleetCommand> {
  return COMMANDS[name]();
}
