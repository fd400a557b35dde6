import type { DistributedArchitectureModuleOptions } from '../../module/module-options.js';

/**
 * A command that looks at a fleet or at its configuration. It needs nothing of the application but where the configuration
 * is: so it runs without booting it (`run-fleet-command.ts`), and by nest-commander like any other (`fleet-command-class.ts`).
 */
export interface FleetCommand {
  readonly name: string;
  readonly description: string;
  /** As they are typed after the program: `master:scale "My Group" 4`. */
  readonly example: string;
  readonly arguments?: readonly Argument[];
  readonly options?: readonly CommandOption[];
  /** @returns the exit code */
  run(call: FleetCall): Promise<number>;
}

export interface Argument {
  /** `<group>` or, where it may be left out, `[group]`. */
  readonly name: string;
  readonly description: string;
}

export interface CommandOption {
  readonly flags: string;
  readonly description: string;
}

/** What was typed. */
export interface FleetCall {
  readonly args: readonly string[];
  /** By their names in camelCase; true for options without a value. */
  readonly options: Readonly<Record<string, string | true | undefined>>;
  /** What the application's module says of its configuration; asked only where nothing that was typed says it. */
  moduleConfig(): Promise<DistributedArchitectureModuleOptions['config']>;
}

export const CONFIG_FILE: CommandOption = {
  flags: '--config-file <path>',
  description: 'the configuration (default: config/distributed_architecture.yaml)',
};
