import type { ModulesContainer } from '@nestjs/core';
import { isRelay, ROLE_VARIABLE } from '@distributed-architecture/core';
import { hasConsole, hasOwnDefaultCommand } from '../commands/discover-commands.js';
import { RUN_MASTER } from '../commands/command-metadata.js';
import { isServiceItself } from '../service/start-report.js';
import { PROCESS_ROLES, type ProcessRoleName } from './process-role.js';

interface RoleSigns {
  readonly modules: ModulesContainer;
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The role of this process. The command line decides first: a slave that starts a master hands its own role down in
 * the environment.
 */
export function detectRole({ modules, argv, env }: RoleSigns): ProcessRoleName {
  if (isRelay({ argv, env })) return 'agent';
  const master = hasConsole(modules) && asksForMaster(argv, () => hasOwnDefaultCommand(modules));
  return master ? 'master' : inheritedRole(env);
}

/** True when this command line runs `run-master`. What follows an option is never taken for a command, as commander does. */
export function asksForMaster(argv: readonly string[], hasOwnDefault: () => boolean): boolean {
  const rest = argv.slice(2);
  if (rest.includes('--help') || rest.includes('-h') || onlyAsks(rest)) return false;
  const operand = rest[0];
  if (operand === undefined || operand.startsWith('-')) return !hasOwnDefault();
  return operand === RUN_MASTER;
}

/** Of a service, and of its stop, this process is only the one who asks for it. */
function onlyAsks(rest: readonly string[]): boolean {
  if (rest.includes('--stop')) return true;
  return rest.includes('--service') && !rest.includes('--no-detach') && !isServiceItself();
}

function inheritedRole(env: NodeJS.ProcessEnv): ProcessRoleName {
  return PROCESS_ROLES.find((name) => name === env[ROLE_VARIABLE]) ?? 'none';
}
