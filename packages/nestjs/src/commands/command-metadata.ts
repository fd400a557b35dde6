/** The key under which nest-commander looks for a class' `@Command`. Known by value, so that a slave need not load it. */
export const COMMAND_META = 'CommandBuilder:Command:Meta';

/** The key of nest-commander's `@RootCommand` and `@DefaultCommand`. */
export const ROOT_COMMAND_META = 'CommandBuilder:RootCommand:Meta';

/** Name of the command that starts the fleet. */
export const RUN_MASTER = 'run-master';

/** The part of nest-commander's metadata that is of interest here. */
export interface CommandMetadata {
  readonly name: string;
  readonly description?: string;
  readonly aliases?: readonly string[];
  readonly options?: { readonly isDefault?: boolean; readonly hidden?: boolean };
}
