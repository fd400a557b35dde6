import { hasShell, SHELL } from '../run-directory/shell.js';
import { wrapperScript } from '../run-directory/wrapper-script.js';
import type { CommandLine } from './command-line.js';

/** What stands around a command line in the journal. */
export interface Registration {
  readonly journalFile: string;
  readonly cgroup: string | undefined;
}

/** Names that a shell can pass on, without those that it sets itself. `PWD`, which it sets, is put right by the wrapper. */
const PASSED_ON = /^(?!(?:IFS|LINENO|OPTIND|PPID|PS4|BASH.*|SHELLOPTS)$)[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * The command line that lets a process write itself into the journal before it executes its program.
 *
 * @returns undefined where no shell can do that without changing its environment
 */
export function wrappedCommand(
  command: CommandLine,
  env: NodeJS.ProcessEnv,
  { journalFile, cgroup = '-' }: Registration,
): CommandLine | undefined {
  if (!hasShell() || !Object.keys(env).every((name) => PASSED_ON.test(name))) return undefined;
  const directory = env.PWD === undefined ? '-' : `=${env.PWD}`;
  const args = ['-c', wrapperScript(), 'sh', journalFile, cgroup, directory, command.file, ...command.args];
  return { file: SHELL, args };
}
