/**
 * Names of the commands that look at a fleet, in the order in which help shows them. The application's own command of such a
 * name comes first. Every application loads this file: the commands are in `all-fleet-commands.ts`.
 */
export const FLEET_COMMAND_NAMES = [
  'master:status',
  'master:suspend',
  'master:resume',
  'master:scale',
  'master:restart',
  'master:reload',
  'master:logs',
  'master:stop',
  'config:dump-reference',
  'config:check',
  'config:schema',
  'config:show',
] as const;

export type FleetCommandName = (typeof FLEET_COMMAND_NAMES)[number];

/** The command that a command line names, if it is one of these. */
export function fleetCommandOf(argv: readonly string[]): FleetCommandName | undefined {
  return FLEET_COMMAND_NAMES.find((name) => name === argv[2]);
}
