import { isAbsolute, resolve } from 'node:path';
import type { GroupConfig } from '../config/group-config.js';
import { splitCommand } from './split-command.js';

/** What is executed: no shell is involved. */
export interface CommandLine {
  readonly file: string;
  readonly args: readonly string[];
}

/** The master's own way of being started, from which that of its slaves follows. */
export interface OwnCommandLine {
  readonly execPath: string;
  readonly execArgv: readonly string[];
  /** Absolute path of the entry script. */
  readonly script: string;
}

/** How the launcher's own program was started. */
export function ownCommandLine(): OwnCommandLine {
  return { execPath: process.execPath, execArgv: process.execArgv, script: resolve(process.argv[1] ?? '') };
}

/**
 * The command line of a process. A console command runs as `node <script> <command>`; parameters never show in it.
 */
export function commandLine(config: GroupConfig, own: OwnCommandLine): CommandLine {
  if (config.console === false) return programLine(config);
  const script = config.console ?? own.script;
  const args = [
    ...inherited(config, own),
    isAbsolute(script) ? script : resolve(config.path ?? '', script),
    config.command,
  ];
  return { file: config.binPath ?? own.execPath, args };
}

function programLine(config: GroupConfig): CommandLine {
  const words = splitCommand(config.command);
  const [file = '', ...args] = config.binPath === undefined ? words : [config.binPath, ...words];
  return { file, args };
}

/** Options of the master's own node hold for its slaves, but for the debugger: its port is taken. Another program may not know them. */
function inherited(config: GroupConfig, own: OwnCommandLine): string[] {
  if (config.binPath !== undefined) return [];
  return own.execArgv.filter((option) => !option.startsWith('--inspect'));
}
