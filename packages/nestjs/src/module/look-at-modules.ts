import type { DynamicModule, Provider, Type } from '@nestjs/common';
import { COMMAND_META, type CommandMetadata } from '../commands/command-metadata.js';
import { MODULE_OPTIONS_TOKEN, type DistributedArchitectureModuleOptions } from './module-options.js';

/** What can be seen of an application without booting it. */
export interface ModuleFindings {
  /** Undefined where they are made when the application boots (`forRootAsync`), or there is none of our modules. */
  readonly options?: DistributedArchitectureModuleOptions;
  /** Names and aliases of the commands that are provided as classes. */
  readonly commands: ReadonlySet<string>;
}

/** A module as `imports` name it. What is still a promise is not looked at. */
type Import = Type<unknown> | DynamicModule | { forwardRef(): Import } | Promise<unknown> | undefined;

/** Walks the modules of an application by what their decorators say. */
export function lookAtModules(root: Type<unknown> | DynamicModule): ModuleFindings {
  const providers = providersOf(root, new Set());
  const commands = new Set(providers.flatMap(commandNames));
  const options = providers.find(hasOptions)?.useValue;
  return options === undefined ? { commands } : { options, commands };
}

function providersOf(imported: Import, seen: Set<unknown>): Provider[] {
  if (imported === undefined || imported instanceof Promise || seen.has(imported)) return [];
  seen.add(imported);
  if ('forwardRef' in imported) return providersOf(imported.forwardRef(), seen);
  if ('module' in imported) {
    const { module, imports = [], providers = [] } = imported;
    return [...providers, ...providersOf(module, seen), ...below(imports as Import[], seen)];
  }
  return [...metadata<Provider>('providers', imported), ...below(metadata<Import>('imports', imported), seen)];
}

function below(imports: readonly Import[], seen: Set<unknown>): Provider[] {
  return imports.flatMap((imported) => providersOf(imported, seen));
}

function metadata<T>(key: string, type: Type<unknown>): readonly T[] {
  return (Reflect.getMetadata(key, type) as readonly T[] | undefined) ?? [];
}

interface OptionsProvider {
  readonly useValue: DistributedArchitectureModuleOptions;
}

function hasOptions(provider: Provider): provider is Provider & OptionsProvider {
  return 'provide' in provider && provider.provide === MODULE_OPTIONS_TOKEN && 'useValue' in provider;
}

function commandNames(provider: Provider): string[] {
  const type: unknown = 'useClass' in provider ? provider.useClass : provider;
  if (typeof type !== 'function') return [];
  const found = Reflect.getMetadata(COMMAND_META, type) as CommandMetadata | undefined;
  return found === undefined ? [] : [found.name, ...(found.aliases ?? [])];
}
